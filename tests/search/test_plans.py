"""No search reads the ledger from end to end: every statement's plan is looked at, on both engines, in a ledger of some size."""

import random

import pytest
from sqlalchemy import text, update

from resign.bench.ledger import WORKSPACE, Somebody, address
from resign.bench.search import KINDS
from resign.ids import reference
from resign.search.find import search
from resign.search.indexer import Indexer
from resign.search.tables import SearchCursor
from resign.timeline.story import timeline
from tests.search.conftest import settle
from tests.support.plans import DECISIONS, KEY, LARGE, ledger, listened, tables_scanned

__all__ = ["ledger"]

SOMEBODY = Somebody.of(17_000)
TYPED = {
    "an exact address": address(SOMEBODY.person),
    "an identifier": f"customId:C-{SOMEBODY.person:07d}",
    "a reference": reference(SOMEBODY.row(KEY)["id"]),
    "a rare part": address(SOMEBODY.person)[3:14],
    "a common part": "kow",
    "a beginning": "ann*",
    "a short beginning": "a",
    "two parts": "anna gmail",
    "nobody": "xqzvj",
    "nothing": "",
    "a campaign": "campaign:c0001-3",
    "an origin": "origin:crm",
    "a campaign that is none": "campaign:none",
    "a rare method": "method:staff",
    "two marks": "method:import language:is",
    "opt-ins": "choice:in",
    "days": "after:2024-01-01 before:2024-01-02",
    "a day and a campaign": "before:2024-01-02 campaign:c0000-1",
    "what is undelivered": "state:undelivered",
    "what is dead": "state:dead",
    "what is confirmed": "state:confirmed",
    "dead in a campaign": "state:dead campaign:c0001-3",
    "a reason": "reason:too-many",
    "a part and a filter": "kow method:one-click state:confirmed",
}


@pytest.mark.parametrize("case", TYPED)
def test_no_large_table_is_read_from_end_to_end(ledger, case):
    with ledger.reading() as session:
        statements = listened(ledger, lambda: search(session, TYPED[case], [WORKSPACE], lambda _: KEY))
        scanned = {name for statement in statements for name in tables_scanned(ledger, *statement)}
    assert statements
    assert not scanned & LARGE


@pytest.mark.parametrize("case", TYPED)
def test_one_page_takes_a_few_questions_only(ledger, case):
    with ledger.reading() as session:
        found = listened(ledger, lambda: search(session, TYPED[case], [WORKSPACE], lambda _: KEY))
    assert len(found) <= 20


@pytest.mark.parametrize("number", [17_000, 20])
def test_a_timeline_reads_no_large_table_from_end_to_end(ledger, clock, number):
    digest = Somebody.of(number).profile.digest(KEY)
    with ledger.reading() as session:
        heard = listened(ledger, lambda: timeline(session, WORKSPACE, digest, clock.now()))
        assert timeline(session, WORKSPACE, digest, clock.now()).entries
    # There are no attempts here, and of a table without rows PostgreSQL says nothing but that it may be read through.
    large = LARGE if ledger.is_sqlite else LARGE - {"attempts"}
    assert not {name for statement in heard for name in tables_scanned(ledger, *statement)} & large


def test_the_indexer_reads_no_large_table_from_end_to_end(ledger, clock):
    """It holds the writer's turn, so on SQLite whoever presses would wait for it."""
    with ledger.writing() as session:
        session.execute(update(SearchCursor).values(seen=DECISIONS - 300))
        session.commit()
    heard = listened(ledger, lambda: settle(Indexer(ledger, clock)), ledger.engine)
    reads = [
        (statement, parameters) for statement, parameters in heard if statement.lstrip().startswith("SELECT")
    ]
    assert any("FROM people" in statement for statement, _ in reads)
    assert not {name for statement in reads for name in tables_scanned(ledger, *statement)} & LARGE


SCANS = {
    "everything": "SELECT count(*) FROM decisions WHERE actor = 'x'",
    "backwards until enough are met": "SELECT seq FROM decisions WHERE actor = 'x' AND seq < 29000 ORDER BY decisions.seq DESC LIMIT 5",
    "backwards in the order of the key": "SELECT seq FROM decisions WHERE actor = 'x' ORDER BY decisions.seq DESC LIMIT 5",
}


@pytest.mark.parametrize("case", SCANS)
def test_a_scan_would_be_seen(ledger, case):
    """Or the plans above would prove nothing."""
    assert tables_scanned(ledger, SCANS[case], ()) & LARGE


def test_everything_that_was_filled_in_is_found(ledger):
    """Or the plans above would be those of an empty ledger."""
    empty = {case for case in TYPED if not rows(ledger, TYPED[case])}
    assert empty <= {"nobody", "a campaign that is none", "a reason", "an identifier", "two marks", "dead in a campaign"}  # fmt: skip
    chance = random.Random(1)
    assert all(rows(ledger, kind.typed(chance, DECISIONS)) for kind in KINDS if kind.finds)


def test_more_people_than_a_page_can_use_are_said(ledger):
    with ledger.reading() as session:
        found = search(session, "anna", [WORKSPACE], lambda _: KEY)
    assert [note.code for note in found.notes] == ["many-people"]
    newest = [row.seq for row in found.rows]
    assert newest == sorted(newest, reverse=True)
    assert newest[-1] > DECISIONS * 0.9


def test_a_page_ends_early_where_hardly_anything_meets_the_filters(ledger):
    """In every stretch there is one of each, but seldom one that is both: it says how far it looked, and goes on."""
    typed, token, seen, pages = "method:import language:de choice:in agreement:alcohol", None, [], 0
    with ledger.reading() as session:
        while pages < 50:
            found = search(session, typed, [WORKSPACE], lambda _: KEY, token)
            seen += [row.seq for row in found.rows]
            token, pages = found.next_token, pages + 1
            if token is None:
                break
        everything = text(
            "SELECT seq FROM decisions WHERE method = 'import' AND language = 'de' AND choice = 'opt-in' "
            "AND agreement = 'alcohol' ORDER BY seq DESC"
        )
        assert seen == session.scalars(everything).all()
    assert token is None


def rows(database, typed):
    with database.reading() as session:
        return search(session, typed, [WORKSPACE], lambda _: KEY).rows
