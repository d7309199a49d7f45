"""A proof holds everything that matters, in clear, on paper and as a file with stable fields, and is noted."""

import json
import re
from contextlib import contextmanager
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import insert, update

from resign.evidence.proof import AT_ONCE, Made, proof
from resign.evidence.signature import is_ours
from resign.ledger.tables import Decision
from resign.outbox.contract import Accepted, Busy, Refused
from resign.settings import load
from resign.staff.audit import note
from resign.staff.roles import Staff
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY, decision
from tests.support.looked_after import person_path
from tests.support.variables import VARIABLES

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PROOF = f"{person_path()}/proof"
MIA = Staff(id=1, name="mia", grants={})


@pytest.fixture
def settings(tmp_path):
    return load({**VARIABLES, "RESIGN_DATA_DIR": str(tmp_path), "RESIGN_TIME_ZONE": "Europe/Warsaw"})


@pytest.fixture
def proves(mia):
    """Asks for a proof and presses the button; gives the page or the file."""

    def prove(kind="paper", query=""):
        page = mia.opens(f"{PROOF}{query}")
        assert "anna@" not in page.text
        return mia.presses(page, PROOF, **{"as": kind})

    return prove


def test_the_paper_says_everything(mia, anna, people, proves):
    anna.presses(anna.opens("?c=spring&l=de"))
    people.is_told(lambda _: Accepted("request-7"))
    page = proves()
    text = " ".join(unescape(page.text).split())
    row = anna.decisions()[-1]
    for words in (
        "anna@example.com", "Out of newsletter", "2026-05-04 10:11:12 UTC", "2026-05-04T12:11:12+02:00 Europe/Warsaw",
        "on the page (page)", "spring", "k2", "Deutsch", row.shown, str(row.id), "request-7", "Fjord & Fern (workspace default). Made",
        "Made by mia, 2026-05-04 10:11:13 UTC", "Confirmed by reading the profile back, 2026-05-04 10:11:13 UTC",
        "Rendered again byte for byte", "a•••@example.com",
    ):  # fmt: skip
        assert words in text, words
    assert "[" in re.search(r'<pre class="seen" lang="de"[^>]*>(.*?)</pre>', page.text, re.DOTALL)[1]
    assert anna.token not in page.text


def test_no_two_tables_of_attempts_are_called_alike(anna, people, proves):
    """Whoever hears the page goes from one region to the next by their names."""
    for _ in range(2):
        anna.presses(anna.opens())
        people.is_told(lambda _: Accepted("request-7"))
        anna.clock.advance(hours=2)
    labels = re.findall(r'role="region" aria-label="([^"]+)"', proves().text)
    assert len(labels) == len(set(labels)) > 1


def test_what_was_refused_for_good_is_not_called_not_yet(anna, people, proves):
    anna.presses(anna.opens())
    people.is_told(lambda _: Refused("refused (400)"))
    text = " ".join(unescape(proves().text).split())
    assert "Refused for good." in text
    assert "yet (" not in text
    assert "<td>telling</td><td>refused: refused (400)</td>" in text


def test_the_file_holds_the_same_with_times_in_iso_8601(mia, anna, people, proves):
    done = anna.presses(anna.opens("?c=spring"))
    people.is_told(lambda _: Busy(timedelta(hours=1), "429"))
    anna.clock.advance(hours=2)
    people.is_told(lambda _: Accepted("request-7"))
    anna.undoes(done)
    answer = proves("file")
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert re.fullmatch(
        r'attachment; filename="proof-[0-9A-Z-]+\.json"', answer.headers["Content-Disposition"]
    )
    found = json.loads(answer.text)
    assert (found["format"], found["printed_by"], found["time_zone"]) == (
        "resign-proof-1",
        "mia",
        "Europe/Warsaw",
    )
    out, undo = found["decisions"]
    assert (out["choice"], undo["choice"]) == ("opt-out", "opt-in")
    assert out["at"] == "2026-05-04T10:11:12.000000Z"
    assert out["local_time"] == "2026-05-04T12:11:12+02:00"
    assert out["who"]["identifier"] == "anna@example.com"
    assert out["seen"]["is_whole"]
    assert "Stop these emails" in out["seen"]["text"]
    [synerise] = out["told"]
    assert [(tried["phase"], tried["outcome"]) for tried in synerise["attempts"]] == [
        ("tell", "busy"), ("tell", "accepted"), ("read-back", "confirmed"),
    ]  # fmt: skip
    assert synerise["confirmed_at"].endswith("Z")
    assert anna.token not in answer.text


def test_one_decision_can_be_proved_alone(mia, anna, people, proves):
    anna.presses(anna.opens())
    people.decides(choice="opt-in")
    first = anna.decisions()[0]
    found = json.loads(proves("file", f"?decision={first.id}").text)
    assert [each["id"] for each in found["decisions"]] == [str(first.id)]
    for odd in ("x", "%00", "' OR 1=1", str(first.id)[:-1]):
        assert mia.opens(f"{PROOF}?decision={odd}").status_code == 404, odd
    people.decides(BORIS)
    theirs = anna.decisions()[-1].id
    assert proves("file", f"?decision={theirs}").status_code == 404


def test_making_one_is_noted_without_an_address(mia, anna, people, proves):
    anna.presses(anna.opens())
    proves()
    proves("file")
    deeds = [deed for deed in people.deeds() if deed.action == "proved"]
    assert [(deed.workspace, deed.subject, deed.name) for deed in deeds] == [
        ("default", ANNA.digest(DIGEST_KEY), "mia")
    ] * 2
    assert [json.loads(deed.detail)["kind"] for deed in deeds] == ["paper", "file"]
    assert "example" not in " ".join(deed.detail for deed in people.deeds() if deed.detail)
    assert "mia made a proof." in mia.opens(person_path()).text


def test_without_our_mark_nothing_is_in_clear_and_nothing_noted(mia, anna, people, signed_in_as):
    anna.presses(anna.opens())
    answer = mia.client.post(PROOF, data={"mark": "x", "as": "file"})
    assert (answer.status_code, "anna@" in answer.text) == (403, False)
    mark = mia.fields(mia.opens(PROOF))
    signed_in_as("eve", other="support")
    assert mia.opens(PROOF).status_code == 404
    assert mia.client.post(PROOF, data=mark).status_code == 404
    assert people.deeds() == []


def test_what_retention_has_emptied_says_so_and_keeps_the_rest(mia, anna, database, proves):
    anna.presses(anna.opens())
    with database.writing() as session:
        session.execute(update(Decision).values(identifier=None))
        session.commit()
    page = proves()
    assert "(deleted by retention)" in page.text
    assert "the address was deleted by retention, so that only the page" in unescape(page.text)
    found = json.loads(proves("file").text)["decisions"][0]
    assert found["who"]["identifier"] is None
    assert found["seen"]["is_whole"] is False
    assert "Stop these emails" in found["seen"]["text"]
    assert "{{masked}}" in found["seen"]["text"]


@pytest.fixture
def many(database, clock):
    """More than are read at once, by far."""
    with database.writing() as session:
        rows = [{**decision(clock, ANNA).row, "owed": False} for _ in range(4 * AT_ONCE + 3)]
        session.execute(insert(Decision), rows)
        for number in range(2 * AT_ONCE + 1):
            note(session, MIA, "checked-at-synerise", clock.now(), workspace="default", subject=ANNA.digest(DIGEST_KEY), number=number)  # fmt: skip
        session.commit()
    return [str(row["id"]) for row in rows]


def test_a_proof_of_very_many_decisions_is_whole_and_in_order(many, proves):
    found = json.loads(proves("file").text)
    assert [each["id"] for each in found["decisions"]] == many
    assert found["decision_count"] == len(many)
    assert found["newest"] == found["decisions"][-1]["reference"]
    assert [act["detail"]["number"] for act in found["acts"]] == list(range(2 * AT_ONCE + 1))


def test_the_paper_is_whole_too_and_its_end_says_so(many, proves):
    text = unescape(proves().text)
    assert re.findall(r'aria-labelledby="p-([0-9a-f-]+)"', text) == many
    assert f"It holds {len(many)} decisions" in text
    assert text.rindex("This is the end of the proof.") > text.rindex("What staff did")


def test_a_proof_is_read_in_pieces(many, desk):
    """Neither all rows at once, nor in one transaction for as long as somebody takes it."""
    opened = []

    @contextmanager
    def reading():
        opened.append(1)
        with desk.database.reading() as session:
            yield session
        opened[-1] = 0

    made = Made(by="mia", at=desk.clock.now())
    digests = [ANNA.digest(DIGEST_KEY)]
    found = proof(reading, desk.workspaces["default"], digests, desk.links, desk.catalogues, made)
    pieces = [(next(found.decisions), len(opened), sum(opened))[1:] for _ in range(AT_ONCE + 1)]
    assert pieces == [(2, 0)] * AT_ONCE + [(3, 0)]


def test_the_file_s_signature_is_ours_and_nothing_in_it_can_be_changed(anna, people, proves, settings):
    anna.presses(anna.opens("?c=spring"))
    content = proves("file").content
    key = settings.workspaces["default"].digest_key.encode()
    assert json.loads(content)["signature"].startswith("hmac-sha256:")
    assert is_ours(content, key)
    assert not is_ours(content, b"another key")
    laid_out_anew = json.dumps(json.loads(content), indent=2).encode()
    for changed in (
        content.replace(b"opt-out", b"opt-in", 1), content + b" ", b" " + content, content[:-1], laid_out_anew,
        content.replace(b"\n", b"\r\n"), content.partition(b'  "signature"')[0], b"", b"\xff",
    ):  # fmt: skip
        assert changed != content
        assert not is_ours(changed, key)


def test_a_proof_says_which_system_brought_a_decision_and_what_speaks_for_it(anna, people, proves):
    people.decides(
        choice="opt-in", method="import", origin="crm", evidence="signed by anna@example.com at the fair"
    )
    text = " ".join(unescape(proves().text).split())
    assert "signed by anna@example.com at the fair" in text
    made = json.loads(proves("file").text)["decisions"][0]
    assert (made["origin"], made["evidence"]) == ("crm", "signed by anna@example.com at the fair")
