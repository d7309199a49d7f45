"""What can go wrong on the way: a destination that is down, two workers, a late commit, a crash at any step."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text

from resign.feeds import feed as feed_module
from resign.feeds.sinks.contract import NotTaken
from resign.feeds.tables import Feed, FeedFile
from resign.ledger.intake import BEFORE_APPENDING
from resign.ledger.tables import Decision
from resign.profile import Profile
from tests.support.decisions import ANNA, BORIS, decision


class Killed(BaseException):
    """Stands for a process that ends in the middle of something."""


def test_a_destination_that_is_down_is_tried_again_with_the_same_file_and_then_gets_the_rest(
    feed, decides, clock
):
    crm = feed()
    crm.sink.says = "it does not answer"
    decides(ANNA)
    crm.runs()
    owed = crm.lane("changes")
    assert (owed.says, owed.failures, owed.owed_since) == ("it does not answer", 1, clock.now())
    for _ in range(20):
        decides(BORIS)
        clock.advance(minutes=5)
        crm.runs()
    assert set(crm.sink.tried) == {"default-crm-changes-00000001.csv"}
    crm.sink.says = ""
    clock.advance(minutes=5)
    crm.runs()
    assert crm.told == ["anna@example.com", "boris@example.com"]
    assert (crm.lane("changes").owed_since, crm.lane("changes").says) == (None, None)


def test_between_tries_it_waits_longer_each_time_up_to_five_minutes(feed, decides, clock):
    crm = feed()
    crm.sink.says = "it does not answer"
    decides(ANNA)
    waits = []
    for _ in range(12):
        crm.runs()
        lane = crm.lane("changes")
        waits.append((lane.again_at - clock.now()).total_seconds())
        clock.advance(seconds=waits[-1] + 1)
    assert waits[0] <= 4
    assert waits[2] <= 16
    assert 240 <= waits[-1] <= 300


def test_only_one_process_writes_for_a_feed(feed, decides):
    crm = feed()
    decides(ANNA)
    other, seen = crm.another(), []
    put = crm.sink.put

    def while_under_way(file, alive):
        seen.append(other.step())
        put(file, alive)

    crm.sink.put = while_under_way
    crm.runs()
    assert seen == [False]
    assert len(crm.files) == 1


def test_a_process_that_dies_before_the_file_is_noted_costs_the_same_file_once_more(
    feed, decides, clock, database
):
    crm = feed()
    decides(ANNA)
    put = crm.sink.put

    def and_die(file, alive):
        put(file, alive)
        raise Killed

    crm.sink.put = and_die
    give_back, feed_module.progress.give_back = feed_module.progress.give_back, lambda *_: None
    with pytest.raises(Killed):
        crm.feeding.step()
    feed_module.progress.give_back = give_back
    crm.sink.put = put
    written = (crm.folder / crm.files[0]).read_bytes()
    decides(BORIS)
    assert not crm.another().step(), "the dead one's lease has not ended"
    clock.advance(seconds=91)
    crm.feeding = crm.another()
    crm.runs()
    assert (crm.folder / "default-crm-changes-00000001.csv").read_bytes() == written
    assert crm.told == ["anna@example.com", "boris@example.com"]
    with database.reading() as session:
        assert list(session.scalars(select(FeedFile.rows))) == [1, 1]


def test_whoever_was_taken_for_dead_notes_nothing(feed, decides, clock, database):
    crm = feed()
    decides(ANNA)
    other = crm.another()
    put = crm.sink.put

    def slowly(file, alive):
        clock.advance(seconds=91)
        crm.sink.put = put
        assert other.step()
        put(file, alive)

    crm.sink.put = slowly
    crm.feeding.step()
    with database.reading() as session:
        assert len(list(session.scalars(select(FeedFile)))) == 1


@pytest.fixture
def overtaken(feed, decides, clock):
    """A whole list is under way when its process is taken for dead. Anna opts out; another process is not rid of
    that file, and plans the whole list afresh, up to Anna. `then` is how that ends.
    """

    def run(then):
        crm = feed(WHOLE)
        decides(BORIS, "opt-in")
        crm.runs()
        clock.advance(days=1)
        other, put = crm.another(), crm.sink.put

        def slowly(file, alive):
            put(file, lambda: (meanwhile(), alive()))

        def meanwhile():
            clock.advance(seconds=91)
            decides(ANNA)
            crm.sink.put, crm.sink.says = put, "its disk is full"
            assert not other.step()
            crm.sink.put = then
            with suppress(Killed):
                other.step()
            crm.sink.put, crm.sink.says = put, ""

        crm.sink.put = slowly
        crm.feeding.step()
        clock.advance(minutes=10)
        crm.runs()
        return crm.told

    return run


WHOLE = "schedule = '30 2 * * *'\ncontent = 'all'"


def test_whoever_was_taken_for_dead_does_not_move_on_to_what_another_has_planned(overtaken):
    """That one was killed: Anna is in none of the files that went out, and would not be until the next schedule."""

    def is_killed(*_):
        raise Killed

    assert "anna@example.com" in overtaken(is_killed)


def test_nor_when_the_other_has_given_the_lease_back(overtaken, monkeypatch):
    """Its file was not taken. A lease that somebody else had in between is not ours to take up again in the middle."""

    def is_refused(*_):
        raise NotTaken("its disk is full")

    monkeypatch.setattr(feed_module, "_RENEW_SECONDS", 0)
    assert "anna@example.com" in overtaken(is_refused)


def test_a_file_that_takes_longer_than_it_may_is_given_up_and_its_lease_kept_meanwhile(
    feed, decides, monkeypatch
):
    crm = feed("most_seconds = 10")
    decides(ANNA)
    ticking = iter(range(0, 1000, 4))
    monkeypatch.setattr(feed_module.time, "monotonic", lambda: float(next(ticking)))

    def endless(file, alive):
        while True:
            alive()

    crm.sink.put = endless
    crm.feeding.step()
    assert "longer than 10 seconds" in crm.lane("changes").says


def test_on_postgresql_a_lower_number_that_is_committed_later_is_waited_for(feed, database, clock, decides):
    """Anna's number is handed out first and committed last; Boris's file must not go past it."""
    if database.is_sqlite:
        assert _numbers_are_committed_in_order(database, clock)
        return
    crm = feed()
    late = decision(clock, ANNA)
    with database.engine.connect() as connection:
        transaction = connection.begin()
        connection.execute(BEFORE_APPENDING)
        connection.execute(insert(Decision), [late.row])
        decides(BORIS)
        stepping = threading.Thread(target=crm.runs)
        stepping.start()
        while stepping.is_alive() and not _somebody_waits_for_a_lock(database):
            stepping.join(0.05)
        assert stepping.is_alive(), "it goes on past a number that is still under way"
        transaction.commit()
        stepping.join(20)
    assert crm.told == ["anna@example.com", "boris@example.com"]


def _somebody_waits_for_a_lock(database) -> bool:
    """However slow the machine is: only then is it the guard that holds the feed up."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with database.reading() as session:
        return bool(session.scalar(waiting))


def _numbers_are_committed_in_order(database, clock) -> bool:
    """There is one writer: whoever is second waits for the first."""
    with database.writing() as session:
        session.execute(insert(Decision), [decision(clock, ANNA).row])
        session.commit()
    with database.reading() as session:
        return list(session.scalars(select(Decision.seq))) == [1]


def test_under_load_from_several_sides_everybody_is_told_once(feed, database, clock):
    from resign.ledger import Intake  # noqa: PLC0415

    crm = feed()
    people = [Profile("email", f"p{number}@example.com") for number in range(200)]

    def press(mine) -> None:
        intake = Intake(database)
        for who in mine:
            intake.append(decision(clock, who))

    pressing = [threading.Thread(target=press, args=(people[at::4],)) for at in range(4)]
    for each in pressing:
        each.start()
    while any(each.is_alive() for each in pressing):
        crm.feeding.step()
    crm.runs()
    assert sorted(crm.told) == sorted(who.value for who in people)


def test_a_feed_that_is_paused_by_hand_keeps_what_is_owed(feed, decides, database, clock):
    crm = feed()
    crm.runs()
    with database.writing() as session:
        session.get_one(Feed, ("default", "crm")).stopped_at = clock.now()
        session.commit()
    decides(ANNA)
    crm.runs()
    assert crm.files == []
    assert crm.lane("changes").owed_since == clock.now()
    clock.advance(hours=1)
    with database.writing() as session:
        session.get_one(Feed, ("default", "crm")).stopped_at = None
        session.commit()
    crm.runs()
    assert crm.told == ["anna@example.com"]


def test_a_new_destination_is_not_late_for_what_is_older_than_itself(feed, decides, clock):
    decides(ANNA)
    clock.advance(days=400)
    crm = feed()
    crm.sink.says = "it does not answer"
    crm.runs()
    assert crm.lane("changes").owed_since >= clock.now() - timedelta(seconds=1)
