"""The index follows the ledger: whatever comes, comes late, comes twice, changes, or is to be forgotten."""

import threading
import time

import pytest
from sqlalchemy import delete, func, insert, select, text, update

from resign.db.migrate import downgrade, upgrade
from resign.ledger.tables import Decision
from resign.outbox.contract import Accepted, Confirmed
from resign.profile import Profile
from resign.search.indexer import Indexer
from resign.search.keeping import forget
from resign.search.tables import LongStretch, Person, SearchCursor, Stretch, StretchMark
from tests.search.conftest import settle
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY, decision, record

BY_ID = Profile("customId", "C-1042")


def people(database):
    with database.reading() as session:
        return session.scalars(select(Person.folded).order_by(Person.id)).all()


def test_a_person_is_one_row_however_often_they_decide(database, decided):
    for _ in range(5):
        decided(ANNA)
    decided(BORIS)
    assert len(people(database)) == 2


def test_an_index_that_was_lost_is_made_again_from_the_ledger(database, decided, find, tell, indexer):
    decided(BY_ID, campaign="spring")
    decided(ANNA, campaign="spring")
    tell(lambda _: Accepted(), lambda _: Confirmed(email="carla@example.com"))
    with database.writing() as session:
        for table in (Person, Stretch, LongStretch, StretchMark, SearchCursor):
            session.execute(delete(table))
        if database.is_sqlite:
            session.execute(text("INSERT INTO people_parts (people_parts) VALUES ('delete-all')"))
        session.commit()
    assert find("carla").rows == ()
    settle(indexer)
    assert len(find("carla").rows) == 1
    assert len(find("campaign:spring").rows) == 2


def test_what_the_index_had_read_before_it_knew_origins_is_found_by_them_after_the_upgrade(database, decided):
    decided(ANNA, method="api", origin="crm")
    decided(BORIS)
    downgrade(database, "0023")
    marks = select(StretchMark).where(StretchMark.name == "origin")
    with database.reading() as session:
        assert session.scalars(marks).all() == []
    upgrade(database)
    with database.reading() as session:
        assert [(each.value, each.stretch) for each in session.scalars(marks)] == [("crm", 0)]


def test_reading_everything_a_second_time_changes_nothing(database, decided, indexer):
    decided(ANNA, campaign="spring")
    before = people(database)
    with database.writing() as session:
        session.execute(delete(SearchCursor))
        session.commit()
    settle(indexer)
    assert people(database) == before


def test_more_than_one_round_can_read_is_read_in_several(database, clock, indexer, find):
    several = [decision(clock, Profile("email", f"person{number}@example.com")) for number in range(600)]
    with database.writing() as session:
        session.execute(insert(Decision), [each.row for each in several])
        session.commit()
    assert indexer.step()
    settle(indexer)
    assert len(people(database)) == 600
    assert len(find("person59").rows) == 11


@pytest.mark.parametrize("minutes", [0, 2])
def test_a_decision_that_is_committed_after_a_later_one_is_indexed_too(
    database, clock, indexer, find, minutes
):
    """PostgreSQL hands out the numbers before the commits; SQLite cannot, and has nothing to look for."""
    if database.is_sqlite:
        record(database, decision(clock, ANNA))
        settle(indexer)
        assert len(people(database)) == 1
        return
    late = decision(clock, ANNA, campaign="spring")
    with database.engine.connect() as connection:
        connection.execute(insert(Decision), [late.row])
        record(database, decision(clock, BORIS))
        settle(indexer)
        clock.advance(minutes=minutes)
        settle(indexer)
        if minutes == 0:
            connection.commit()
    if minutes == 0:
        assert find("anna").rows == ()
        clock.advance(minutes=2)
        settle(indexer)
        assert len(find("anna").rows) == 1
        assert len(find("campaign:spring").rows) == 1
    assert not indexer.step()


def test_who_is_forgotten_is_found_by_no_part_and_stays_forgotten(database, decided, find, indexer, tell):
    decided(BY_ID)
    decided(ANNA)
    tell(lambda _: Accepted(), lambda _: Confirmed(email="carla@example.com"))
    settle(indexer)
    digest = BY_ID.digest(DIGEST_KEY)
    with database.writing() as session:
        session.execute(update(Decision).where(Decision.digest == digest).values(identifier=None))
        assert forget(session, "default", digest)
        assert not forget(session, "default", digest)
        session.commit()
    with database.writing() as session:
        session.execute(delete(SearchCursor))
        session.commit()
    settle(indexer)
    for typed in ("carla", "1042", "C-1*"):
        assert find(typed).rows == (), typed
    assert len(find("anna").rows) == 1
    if database.is_sqlite:
        with database.reading() as session:
            session.execute(text("SELECT rowid FROM people_parts WHERE people_parts MATCH '\"car\"'")).all()
            found = text("SELECT count(*) FROM people_parts WHERE people_parts MATCH '\"car\"'")
            assert session.scalar(found) == 0


def test_an_indexer_under_way_cannot_bring_back_who_is_being_forgotten(database, clock, indexer, monkeypatch):
    """It has read the name; the erasure waits for its commit, and then takes the person out."""
    record(database, decision(clock, ANNA))
    read, go_on = threading.Event(), threading.Event()
    inside = "resign.search.indexer.note_people"
    from resign.search import keeping  # noqa: PLC0415 - what is wrapped below

    def slowly(session, found):
        read.set()
        assert go_on.wait(10)
        keeping.note_people(session, found)

    monkeypatch.setattr(inside, slowly)
    indexing = threading.Thread(target=indexer.step)
    indexing.start()
    assert read.wait(10)

    def erase():
        with database.writing() as session:
            session.execute(update(Decision).values(identifier=None))
            forget(session, "default", ANNA.digest(DIGEST_KEY))
            session.commit()

    erasing = threading.Thread(target=erase)
    erasing.start()
    time.sleep(0.2)
    go_on.set()
    indexing.join(10)
    erasing.join(10)
    assert people(database) == []


def test_a_step_that_fails_leaves_nothing_half_done_and_the_next_one_repeats_it(
    database, clock, indexer, monkeypatch
):
    record(database, decision(clock, ANNA))
    with monkeypatch.context() as patched:
        patched.setattr("resign.search.indexer.note_people", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            indexer.step()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Stretch)) == 0
    settle(indexer)
    assert len(people(database)) == 1


def test_two_processes_index_side_by_side(database, clock, find):
    several = [decision(clock, Profile("email", f"person{number}@example.com")) for number in range(400)]
    with database.writing() as session:
        session.execute(insert(Decision), [each.row for each in several])
        session.commit()
    threads = [threading.Thread(target=settle, args=(Indexer(database, clock),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    settle(Indexer(database, clock))
    assert len(people(database)) == 400


def test_an_idle_step_writes_nothing(database, decided, indexer, monkeypatch):
    decided(ANNA)
    monkeypatch.setattr(database, "writing", lambda: pytest.fail("it took the writer's turn"))
    assert not indexer.step()


def test_an_index_that_is_far_behind_is_said_where_it_matters(decided, find, clock, monkeypatch):
    monkeypatch.setattr("resign.search.stretches._MOST_AHEAD", 0)
    decided(ANNA, indexed=False)
    for typed in ("", "campaign:spring", "part:anna"):
        assert "not-indexed" in [note.code for note in find(typed).notes], typed
    for typed in ("anna@example.com", "state:telling", "customId:C-1"):
        assert "not-indexed" not in [note.code for note in find(typed).notes], typed
