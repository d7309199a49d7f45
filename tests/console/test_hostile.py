"""The pages that take files, keys and destinations, asked by an operator who means no good: over real HTTP, on both engines.

No fault of ours whatever is typed, nothing of another workspace, and nobody's address in the log.
"""

import logging
import re
from collections import Counter
from itertools import product
from urllib.parse import quote_from_bytes

import pytest
from sqlalchemy import select

from resign.api_keys import keys
from resign.feeds.tables import Feed
from resign.imports.running import Importer
from resign.imports.shelf import Shelf
from resign.outbox.tables import Lane
from resign.settings import load
from tests.console.conftest import SHELL
from tests.console.test_guard import ROUTES
from tests.support.variables import VARIABLES

ADDRESS = "canary@example.com"
PEOPLE = f"email,status,when,form\n{ADDRESS},unsubscribed,2026-05-01 10:00,canary-form\n"
# Each in a field of its own, raw as a client may send it.
TYPED = [
    b"", b"\x00", b"a\x00b", b"'", b"../../../etc/passwd", b"{{7*7}}", b"-1", b"9" * 19, b"9" * 5_000, b"\xef\xbc\x91\xef\xbc\x92",
    b"\xff\xfe", b"\xed\xa0\x80", b"x" * 20_000, b"\r\n", b"9999-12-31", b"10000-01-01", b"rot13", b"undefined",
]  # fmt: skip
USUAL = {
    "do": "look", "who-email": "email", "choice": "column", "choice-column": "status", "out-words": "unsubscribed", "when": "when",
    "zone": "UTC", "evidence-column": "form",
}  # fmt: skip
# Path, what is sent as usual, and the fields that are tried one after the other. {one} is an import of theirs.
FORMS = [
    (
        "/console/imports/{one}/mapping",
        USUAL,
        (
            *USUAL, "agreement", "agreement-column", "in-words", "request-words", "order", "evidence", "campaign", "language", "hash",
            "who-customId",
        ),
    ),
    ("/console/imports/{one}/mapping", {**USUAL, "do": "save"}, ("who-email", "zone", "order", "out-words", "evidence")),
    ("/console/imports/{one}/mapping", {"do": "read"}, ("format", "encoding", "delimiter", "header")),
    ("/console/imports/{one}/reverse", {}, ("agreed",)),
    ("/console/imports", {}, ("workspace", "origin")),
    (
        "/console/api-keys",
        {"name": "crm", "workspace": "default", "scope": "decisions:write", "origin": "crm"},
        ("name", "workspace", "scope", "origin", "expires"),
    ),
    ("/console/deliveries/default/default-crm/pause", {}, ("why", "mark")),
    ("/console/deliveries/default/default-crm/replay", {}, ("since",)),
    ("/console/deliveries/default/feeds/default-files/pause", {}, ("why",)),
    ("/console/deliveries/dead/retry", {}, ("workspace", "destination", "reason", "age")),
]  # fmt: skip
ADDRESSES = [
    ("/console/imports", ("below",)), ("/console/imports/{one}/rows", ("verdict", "after")),
    ("/console/deliveries/dead", ("workspace", "destination", "reason", "age", "after", "sent")),
    ("/console/deliveries/dead/retry", ("workspace", "destination", "reason", "age")),
]  # fmt: skip


@pytest.fixture
def settings(tmp_path):
    tables = "\n".join(
        f"[workspaces.{name}]\nkeys = '{name}:secret-of-the-tests-{name}'\ndigest_key = 'digest-secret-of-the-tests'\n"
        f"sender = '{name}'\ncontact = 'hello@{name}.example'\nsynerise_api_key = '{VARIABLES['RESIGN_SYNERISE_API_KEY']}'\n"
        f"[workspaces.{name}.destinations.{name}-crm]\nkind = 'webhook'\nurl = 'https://crm.example/'\n"
        "secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=']\n"
        f"[workspaces.{name}.destinations.{name}-files]\nkind = 'folder'\npath = '{tmp_path}'\n"
        for name in ("default", "garden")
    )
    file = tmp_path / "resign.toml"
    file.write_text(tables)
    return load({"RESIGN_CONFIG": str(file), "RESIGN_DATA_DIR": str(tmp_path)})


@pytest.fixture
def olga(employ):
    return employ("olga", "operator@default")


@pytest.fixture
def brings(settings, database, clock):
    """A file is brought and gone through; the number of the import."""

    def bring(by, workspace="default", name="people.csv"):
        page = by.opens("/console/imports")
        files = {"file": (name, PEOPLE.encode())}
        made = by.client.post(
            "/console/imports", data={**by.fields(page), "workspace": workspace}, files=files
        )
        importer = Importer(database, settings.workspaces, Shelf(settings.data_dir), clock, breath=0)
        while importer.step():
            pass
        return made.headers["Location"].rpartition("/")[2]

    return bring


def test_whatever_is_typed_is_answered_and_noted_without_an_address(olga, brings, caplog):
    one = brings(olga)
    mark = olga.fields(olga.opens("/console/imports"))["mark"]
    answers = Counter()

    def notes(answer, *asked):
        answers[answer.status_code] += 1
        assert answer.status_code < 500, asked

    for path, usual, fields in FORMS:
        for field, typed in product(fields, TYPED):
            notes(
                sends(olga, path.format(one=one), {"mark": mark, **usual, field: typed}), path, field, typed
            )
    for path, fields in ADDRESSES:
        for field, typed in product(fields, TYPED):
            address = f"{path.format(one=one)}?{field}={quote_from_bytes(typed[:2_000])}"
            notes(olga.opens(address), path, field, typed)
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []
    assert ADDRESS not in caplog.text


def sends(editor, path, fields):
    named = {name: value if isinstance(value, bytes) else value.encode() for name, value in fields.items()}
    body = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in named.items())
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return editor.client.post(path, content=body, headers=kind)


@pytest.mark.parametrize(
    "name", ["\x00", "../../people.csv", "x" * 5_000, "\u202ecsv.exe", "a\r\nb", "people"]
)
def test_a_file_may_be_called_anything(olga, brings, name):
    assert olga.opens(f"/console/imports/{brings(olga, name=name)}").status_code == 200


def test_nothing_of_another_workspace_is_there(olga, mia, brings, database, clock):
    theirs = brings(mia, "garden", name="canary-of-garden.csv")
    with database.writing() as session:
        key = keys.add(
            session, "canary-of-garden", "garden", ["decisions:write"], clock.now(), SHELL
        ).key.key_id
        session.commit()
    mark = olga.fields(olga.opens("/console/imports"))["mark"]
    names = {
        "number": theirs,
        "workspace": "garden",
        "key_id": key,
        "destination": "garden-crm",
        "feed": "garden-files",
    }
    here = {**names, "workspace": "default"}
    for method, path in ROUTES:
        if not path.startswith(("/console/imports", "/console/api-keys", "/console/deliveries")):
            continue
        for named in (names, here):
            address = filled(path, named)
            answer = olga.client.request(method, address, data={"mark": mark} if method == "POST" else None)
            assert "canary" not in answer.text, address
            assert "garden" not in answer.text.replace(address, ""), address
            if "<" in path and "<int:number>" not in path:
                assert answer.status_code in {403, 404}, (method, address, answer.status_code)
    with database.reading() as session:
        assert keys.key_of(session, key).revoked_at is None
        assert session.scalars(select(Feed.stopped_at)).all() == []
        assert session.scalars(select(Lane.stopped_at)).all() == []


def filled(path, named):
    path = re.sub(r"<any\((\w+),[^>]*>", r"\1", path)
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(named[found[1]]), path)
