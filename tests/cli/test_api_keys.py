"""`resign api-key`: made, listed, rotated and revoked at the shell; shown once, and noted."""

import re
import sqlite3
from datetime import timedelta

import pytest

from resign.api_keys.opening import opened
from resign.clock import SystemClock
from resign.db import Database
from resign.staff import deeds


@pytest.fixture
def api_key(run_here):
    return lambda *arguments: run_here("api-key", *arguments)


@pytest.fixture
def opens(settings):
    """What a key is for, now or so many hours later; None for one that opens nothing."""

    def asked(text: str, hours: float = 0):
        database = Database(settings.database_url, connections=1)
        with database.reading() as session:
            found = opened(session, f"Bearer {text}", SystemClock().now() + timedelta(hours=hours))
        database.close()
        return found

    return asked


def test_a_key_is_printed_once_and_opens_what_it_says(api_key, opens, settings):
    made = api_key(
        "add", "CRM, nightly", "--scope", "decisions:write", "--scope", "consents:read", "--origin", "crm"
    )
    assert made.returncode == 0
    text = made.stdout.strip()
    assert re.fullmatch(r"rsk_[0-9a-f]{12}_[0-9a-f]{64}", text)
    holder = opens(text)
    assert (holder.name, holder.workspace, holder.origin) == ("CRM, nightly", "default", "crm")
    assert holder.scopes == {"decisions:write", "consents:read"}
    listed = api_key("list").stdout
    assert re.search(
        r"[0-9a-f]{12} .*CRM, nightly .*default .*crm .*decisions:write consents:read .*yes .*never", listed
    )
    secret = text.split("_")[2]
    assert secret not in listed
    dump = "\n".join(sqlite3.connect(settings.data_dir / "resign.db").iterdump())
    assert text.split("_")[1] in dump
    assert secret not in dump


def test_a_rotated_key_works_on_for_a_while(api_key, opens):
    old = api_key("add", "crm", "--scope", "decisions:write", "--origin", "crm").stdout.strip()
    new = api_key("rotate", old.split("_")[1], "--keep", "2").stdout.strip()
    assert new != old
    assert opens(new).scopes == opens(old).scopes
    assert opens(new).origin == "crm"
    assert opens(old, hours=1.9)
    assert not opens(old, hours=2.1)
    assert opens(new, hours=2.1)
    assert api_key("rotate", old.split("_")[1], "--keep", "0").returncode == 0
    assert not opens(old)
    refused = api_key("rotate", old.split("_")[1])
    assert (refused.returncode, refused.stdout) == (1, "")


def test_a_revoked_key_opens_nothing_and_everything_is_noted(api_key, opens, settings):
    text = api_key("add", "crm", "--scope", "decisions:write").stdout.strip()
    number = text.split("_")[1]
    assert "is revoked" in api_key("revoke", number).stdout
    assert "before" in api_key("revoke", number).stdout
    assert not opens(text)
    assert re.search(rf"{number} .*revoked", api_key("list").stdout)
    database = Database(settings.database_url, connections=1)
    with database.reading() as session:
        noted = deeds.deeds(session).deeds
    database.close()
    assert [each.action for each in noted] == ["revoked-api-key", "added-api-key"]
    assert all(number in each.detail and text not in each.detail for each in noted)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["add", "crm"], 2), (["add", "crm", "--scope", "everything"], 2), (["add", "", "--scope", "links:write"], 1),
        (["add", "x" * 49, "--scope", "links:write"], 1), (["add", "a\x1bb", "--scope", "links:write"], 1),
        (["add", "crm", "--scope", "links:write", "--origin", "C R M"], 1),
        (["add", "crm", "--scope", "links:write", "--origin", "synerise"], 1),
        (["add", "crm", "--scope", "links:write", "--expires", "2020-01-01"], 1),
        (["add", "crm", "--scope", "links:write", "--workspace", "shop"], 2), (["revoke", "nothing"], 1), (["rotate", "\x1b"], 1),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(api_key, arguments, status):
    finished = api_key(*arguments)
    assert (finished.returncode, finished.stdout) == (status, "")
    assert finished.stderr
    assert "There is no key yet" in api_key("list").stdout
