"""Only who asked gets the file, only as long as they may see all that is in it, and only for a day."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from resign.exports import shelf, sweeper
from resign.exports.exporter import Exporter
from resign.exports.sweeper import Sweeper
from resign.exports.tables import Export, ExportPiece
from resign.staff.tables import Deed
from tests.exports.conftest import KEYS, SHE, SOMEBODY_ELSE, finish
from tests.support.decisions import ANNA


@pytest.fixture
def ready(decided, ask, exporter):
    """The number of an export with three pieces."""
    for _ in range(5):
        decided(ANNA)
    number = ask()
    finish(exporter)
    return number


@pytest.fixture
def take(database, clock):
    def try_to(by, number):
        with database.writing() as session:
            export = shelf.take(session, by, number, clock.now())
            session.commit()
            return export

    return try_to


def count(database, table):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_only_who_asked_finds_it(database, ready, take):
    assert take(SHE, ready).id == ready
    assert take(SOMEBODY_ELSE, ready) is None
    assert take(SHE, ready + 1) is None
    assert take(SHE, 10**30) is None
    with database.reading() as session:
        assert [export.id for export in shelf.theirs(session, SHE)] == [ready]
        assert not shelf.theirs(session, SOMEBODY_ELSE)
        assert not shelf.throw_away(session, SOMEBODY_ELSE, ready, ready)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_lost_the_role_gets_nothing(ready, take):
    for grants in ({}, {"default": frozenset({"marketer"})}, {"shop": frozenset({"support"})}):
        with pytest.raises(shelf.NotAllowed):
            take(replace(SHE, grants=grants), ready)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_taking_and_throwing_away_are_noted(database, clock, ready, take):
    take(SHE, ready)
    with database.writing() as session:
        assert shelf.throw_away(session, SHE, ready, clock.now())
        session.commit()
    assert take(SHE, ready) is None
    with database.reading() as session:
        actions = session.scalars(select(Deed.action).order_by(Deed.id)).all()
        assert actions == ["asked-export", "downloaded-export", "deleted-export"]
        assert not shelf.theirs(session, SHE)


def test_after_a_day_it_is_gone_and_after_a_week_forgotten(database, clock, ready, take, monkeypatch):
    monkeypatch.setattr(sweeper, "_PIECES_AT_ONCE", 2)
    chore = Sweeper(database, clock)
    assert not chore.step()
    clock.advance(hours=24)
    assert take(SHE, ready) is None, "also before it is deleted"
    assert count(database, ExportPiece) == 3
    assert chore.step()
    assert count(database, ExportPiece) == 1, "few at once: others are waiting for the writer"
    finish(chore)
    assert count(database, ExportPiece) == 0
    with database.reading() as session:
        assert [export.state for export in shelf.theirs(session, SHE)] == ["expired"]
    clock.advance(days=7)
    finish(chore)
    assert count(database, Export) == 0


def test_what_was_thrown_away_is_deleted_and_nothing_else(database, clock, ready, ask):
    other = ask("choice:out")
    finish(Exporter(database, KEYS, clock, rows=2))
    with database.writing() as session:
        shelf.throw_away(session, SHE, ready, clock.now())
        session.commit()
    finish(Sweeper(database, clock))
    assert count(database, Export) == 1
    with database.reading() as session:
        assert set(session.scalars(select(ExportPiece.export_id))) == {other}
        left = session.get(Export, other)
    assert b"".join(shelf.content(database, left)).count(b"\r\n") == 6


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_that_is_deleted_while_it_is_sent_does_not_end_as_if_it_were_whole(
    database, clock, ready, take
):
    export = take(SHE, ready)
    sent = shelf.content(database, export)
    next(sent)
    with database.writing() as session:
        shelf.throw_away(session, SHE, ready, clock.now())
        session.commit()
    finish(Sweeper(database, clock))
    with pytest.raises(Exception, match="No row was found"):
        b"".join(sent)
