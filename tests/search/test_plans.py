"""No search reads the ledger from end to end: every statement's plan is looked at, on both engines, in a ledger of some size."""

import json
import random
import shutil
from collections.abc import Iterator

import pytest
from sqlalchemy import event, text, update

from resign.bench.ledger import WORKSPACE, Somebody, address, fill
from resign.bench.search import KINDS
from resign.db import Database
from resign.ids import reference
from resign.search.find import search
from resign.search.indexer import Indexer
from resign.search.tables import SearchCursor
from resign.timeline.story import timeline
from tests.search.conftest import settle

DECISIONS = 30_000
KEY = b"the digest key of the plans"
LARGE = {"decisions", "people", "messages", "consents", "attempts"}
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


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def ledger(request, migrated, tmp_path_factory, postgres_url) -> Iterator[Database]:
    """Filled once for all of them."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("plans") / "resign.db"
        shutil.copy(migrated["sqlite"], file)
        database = Database(f"sqlite:///{file}", connections=2)
        fill(database, KEY, 0, DECISIONS, indexed_to=DECISIONS)
        yield database
        database.close()
        return
    server = Database(postgres_url, connections=1)
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE DATABASE plans TEMPLATE migrated"))
        database = Database(postgres_url.replace("/postgres?", "/plans?"), connections=2)
        fill(database, KEY, 0, DECISIONS, indexed_to=DECISIONS)
        yield database
        database.close()
        connection.execute(text("DROP DATABASE plans WITH (FORCE)"))
    server.close()


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


def listened(database, act, engine=None):
    """What was asked of the database meanwhile, as the driver got it."""
    heard = []

    def hear(_connection, _cursor, statement, parameters, _context, _many):
        heard.append((statement, parameters))

    engine = engine or database.reader
    event.listen(engine, "before_cursor_execute", hear)
    act()
    event.remove(engine, "before_cursor_execute", hear)
    return heard


def tables_scanned(database, statement, parameters):
    with database.reader.connect() as connection:
        if database.is_sqlite:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            steps = [row[-1].split() for row in plan]
            # `SCAN x USING INDEX` goes from one end to the other too, though in an order.
            scanned = {words[1] for words in steps if words[0] == "SCAN" and "VIRTUAL" not in words}
            # And so does a search from one seq on, where rows are dropped on the way.
            one_sided = {"(rowid<?)", "(rowid>?)"}
            wandering = {words[1] for words in steps if words[0] == "SEARCH" and words[-1] in one_sided}
            return scanned | (wandering if "ORDER BY decisions.seq DESC" in statement else set())
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar()
    return set(_scanned((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))


def _scanned(node):
    """An index that is gone through without a condition, dropping rows on the way, is a scan too."""
    one_sided = "=" not in node.get("Index Cond", "").replace("<=", "")
    by_seq = node.get("Index Name") == "pk_decisions" and one_sided
    wandering = "Filter" in node and (
        by_seq or (node["Node Type"].startswith("Index") and "Index Cond" not in node)
    )
    if node["Node Type"] == "Seq Scan" or wandering:
        yield node["Relation Name"]
    for child in node.get("Plans", ()):
        yield from _scanned(child)
