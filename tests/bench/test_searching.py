"""The figures of search at their smallest: what is filled in is what the indexer would have made, and is found."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, func, select

from resign.bench import search
from resign.bench.engines import fresh
from resign.bench.ledger import fill
from resign.bench.plan import Plan
from resign.db import Database
from resign.ledger.tables import Decision
from resign.search.tables import LongStretch, Person, SearchCursor, Stretch, StretchMark


def plan(tmp_path):
    return Plan(tmp_path, ("sqlite",), None, lambda _: None, decisions=3_000)


def test_each_kind_of_search_is_compared_between_two_ledgers(tmp_path, monkeypatch):
    monkeypatch.setattr(search, "_QUERIES", 2)
    monkeypatch.setattr(search, "KINDS", [replace(kind, finds=False) for kind in search.KINDS])
    figures = {figure.name: figure for figure in search.measure(plan(tmp_path))}
    assert len(figures) == len(search.KINDS) + 2
    assert figures["search exact"].unit == ""
    assert "p95 at 3,000" in figures["search exact"].measured
    assert figures["indexed"].value > 1


@pytest.fixture
def filled():
    with fresh("sqlite", None) as engine:
        database = Database(engine.url, connections=1)
        yield database
        database.close()


def test_the_ledger_that_is_filled_in_is_indexed_as_the_worker_would(filled):
    fill(filled, b"key", 0, 1_000, indexed_to=1_000)
    by_bench = indexed(filled)
    with filled.writing() as session:
        for table in (Person, Stretch, LongStretch, StretchMark, SearchCursor):
            session.execute(delete(table))
        session.connection().exec_driver_sql("INSERT INTO people_parts (people_parts) VALUES ('delete-all')")
        session.commit()
    search._index(filled, 1_000)
    assert indexed(filled) == by_bench
    with filled.reading() as session:
        assert session.scalar(select(func.count()).select_from(Decision)) == 1_000


def indexed(database):
    """Without the addresses that were read back: the bench writes no attempts, which the worker learns them from."""
    with database.reading() as session:
        people = session.execute(select(Person.id, Person.digest).order_by(Person.id)).all()
        marks = session.execute(select(StretchMark.name, StretchMark.value, StretchMark.stretch)).all()
        return people, sorted(marks)
