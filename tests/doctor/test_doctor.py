"""The doctor: what is well, what is ill and what to do about it; a link and a mail taken apart."""

from pathlib import Path

import pytest

from resign.app import open_database
from resign.clock import SystemClock
from resign.db.migrate import upgrade
from resign.doctor.installation import examine
from resign.doctor.link import examine_link
from resign.doctor.mail import examine_mail
from resign.links import Links
from resign.settings import Settings, load
from tests.support.decisions import ANNA
from tests.support.variables import VARIABLES

NOBODY_LISTENS = "http://127.0.0.1:9"


@pytest.fixture
def local(tmp_path: Path) -> Settings:
    return load({**VARIABLES, "RESIGN_DATA_DIR": str(tmp_path), "RESIGN_SYNERISE_URL": NOBODY_LISTENS})


def ill(findings) -> list[str]:
    return [finding.what for finding in findings if finding.verdict == "ill"]


def test_a_database_without_the_schema_is_named_with_its_remedy(local: Settings):
    database = open_database(local, connections=1)
    found = list(examine(local, database, SystemClock()))
    assert ("the schema is this release's", "run `resign db upgrade`") in [(f.what, f.remedy) for f in found]
    upgrade(database)
    after = ill(examine(local, database, SystemClock()))
    database.close()
    assert after == ["default: logging in to Synerise"]


def test_a_database_that_is_away_is_named(local: Settings, tmp_path: Path):
    (tmp_path / "resign.db").mkdir()
    database = open_database(local, connections=1)
    assert "the database does not answer" in ill(examine(local, database, SystemClock()))
    database.close()


def test_a_link_is_taken_apart_without_showing_the_address(settings: Settings):
    token = Links(settings.workspaces.values()).mint("default", ANNA)
    for text in (token, f"http://127.0.0.1:8000/u/{token}?c=spring", f" http://127.0.0.1:8000/u/{token}/ "):
        said = " ".join(finding.what for finding in examine_link(settings, text))
        assert "workspace default" in said
        assert "key k2, the newest" in said
        assert ANNA.value not in said
        assert not ill(examine_link(settings, text))


@pytest.mark.parametrize("text", ["", "x", "https://", "http://[", "k2.AAA.BBB", "ż" * 5_000])
def test_what_is_no_link_is_said_to_be_none(settings: Settings, text: str):
    assert ill(examine_link(settings, text)) == ["the link cannot be read"]


def mail(settings: Settings, *, signed: str = "list-unsubscribe:list-unsubscribe-post") -> bytes:
    link = f"https://optout.example.com/u/{Links(settings.workspaces.values()).mint('default', ANNA)}"
    return (
        f"From: shop@example.com\r\nList-Unsubscribe: <{link}>, <mailto:out@example.com>\r\n"
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        f"DKIM-Signature: v=1; a=rsa-sha256; h=from:{signed}; b=x\r\n"
        f'Content-Type: text/html; charset=utf-8\r\n\r\n<a href="{link}&amp;c=spring">out</a>\r\n'
    ).encode()


def test_a_good_mail_is_well(settings: Settings):
    there = load({**VARIABLES, "RESIGN_BASE_URL": "https://optout.example.com"})
    raw = mail(there).replace(b"&amp;c=spring", b"?c=spring")
    assert ill(examine_mail(there, raw)) == []


def test_a_mail_whose_signature_leaves_the_header_out_is_ill(settings: Settings):
    there = load({**VARIABLES, "RESIGN_BASE_URL": "https://optout.example.com"})
    raw = mail(there, signed="to").replace(b"&amp;c=spring", b"")
    assert ill(examine_mail(there, raw)) == ["DKIM signs both headers (RFC 8058 §4)"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff" * 500,
        b"Content-Type: text/html; charset=no-such\r\n\r\n<a href='x'>",
        b"From: x\r\n\r\n",
    ],
)
def test_a_mail_of_any_shape_is_read_to_its_end(settings: Settings, raw: bytes):
    assert "List-Unsubscribe names a page" in ill(examine_mail(settings, raw))
