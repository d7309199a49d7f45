"""A lane paused by hand: nothing travels in it, nothing is lost, and it survives whatever the breaker does."""

import threading

from sqlalchemy import select

from resign.outbox.contract import Accepted, Differs, Misconfigured, NoSuchProfile, Unreachable
from resign.outbox.heartbeat import last_beat
from resign.outbox.lanes import lane_states, resume, stop
from resign.outbox.owed import held_lanes, late, stopped_lanes
from resign.outbox.tables import Lane
from tests.outbox.test_worker import run_for
from tests.support.decisions import BORIS, decision, record, states
from tests.support.destination import ScriptedDestination


def stopped(database, clock, why: str = "maintenance over there") -> None:
    with database.writing() as session:
        stop(session, "default", "synerise", "ola", why, clock.now())
        session.commit()


def resumed(database) -> bool:
    with database.writing() as session:
        was = resume(session, "default", "synerise")
        session.commit()
    return was


def test_a_paused_lane_carries_nothing_and_keeps_everything(database, clock, make_worker):
    destination = ScriptedDestination()
    stopped(database, clock)
    record(database, decision(clock))
    run_for(make_worker(destination), clock, hours=2)
    record(database, decision(clock, BORIS))
    again = make_worker(destination)  # as after a restart
    run_for(again, clock, hours=1)
    assert destination.told == []
    assert states(database) == ["owed", "owed"]
    assert resumed(database)
    run_for(again, clock, seconds=2)
    assert states(database) == ["confirmed", "confirmed"]
    assert not resumed(database)


def test_a_look_back_waits_too(database, clock, make_worker):
    looked = []
    destination = ScriptedDestination(look=looked.append)
    record(database, decision(clock))
    worker = make_worker(destination)
    worker._fan_out()
    worker.drain()
    stopped(database, clock)
    run_for(worker, clock, minutes=5)
    assert states(database) == ["accepted"]
    assert looked == []


def test_the_breaker_and_the_hand_do_not_undo_each_other(database, clock, make_worker):
    destination = ScriptedDestination(tell=lambda _: Misconfigured("the key is wrong"))
    record(database, decision(clock))
    worker = make_worker(destination)
    run_for(worker, clock, seconds=5)
    stopped(database, clock)
    told = len(destination.told)
    run_for(worker, clock, hours=1)
    assert len(destination.told) == told, "no probe goes into a lane that is paused by hand"
    with database.reading() as session:
        assert [lane.held_for for lane in held_lanes(session)] == ["the key is wrong"]
        assert [(lane.phase, lane.stopped_by) for lane in stopped_lanes(session)] == [
            ("read-back", "ola"), ("tell", "ola"),
        ]  # fmt: skip
    destination.tell = lambda _: Accepted()
    resumed(database)
    run_for(worker, clock, minutes=1)
    assert states(database) == ["confirmed"]


def test_pausing_once_more_keeps_the_beginning_and_takes_the_newer_reason(database, clock):
    stopped(database, clock)
    began = clock.now()
    clock.advance(hours=2)
    stopped(database, clock, "still")
    with database.reading() as session:
        assert {(lane.stopped_at, lane.stopped_why) for lane in stopped_lanes(session)} == {(began, "still")}


def test_what_was_claimed_ahead_goes_back_when_the_lane_is_paused(database, clock, make_worker):
    """A worker has more in hand than it is telling: what it has not begun must not go out after the pause."""
    begun, go = threading.Event(), threading.Event()

    def slow(_message):
        begun.set()
        go.wait(20)
        return Accepted()

    destination = ScriptedDestination(tell=slow)
    record(database, decision(clock))
    worker = make_worker(destination, deliveries=1)
    worker.step()
    assert begun.wait(20)
    record(database, decision(clock, BORIS))
    stopped(database, clock)
    go.set()
    worker.drain()
    assert states(database) == ["accepted", "owed"]


def test_the_other_destinations_lanes_stay_open(database, clock):
    stopped(database, clock)
    with database.reading() as session:
        closed = lane_states(session, clock.now()).closed
    assert {way[1] for way in closed} == {"synerise"}


def test_late_is_what_a_destination_should_have_taken(database, clock, make_worker):
    """Somebody it does not know is not late, and what is told anew is late from then on, not from the decision."""
    destination = ScriptedDestination(tell=lambda _: Unreachable("no answer"))
    record(database, decision(clock))
    decided = clock.now()
    worker = make_worker(destination)
    run_for(worker, clock, hours=1)
    with database.reading() as session:
        assert [(each.destination, each.since) for each in late(session)] == [("synerise", decided)]
    destination.tell = lambda _: NoSuchProfile()
    run_for(worker, clock, hours=1)
    with database.reading() as session:
        assert late(session) == []
    destination.tell, destination.look = lambda _: Accepted(), lambda _: Differs("it says enabled")
    run_for(worker, clock, days=2)
    destination.tell = lambda _: Unreachable("no answer")
    run_for(worker, clock, hours=8)
    with database.reading() as session:
        (again,) = late(session)
    assert again.since > decided + (clock.now() - decided) / 2


def test_a_worker_that_runs_gives_a_sign_of_life(database, clock, make_worker):
    with database.reading() as session:
        assert last_beat(session) is None
    worker = make_worker(ScriptedDestination())
    worker._beat()
    first = clock.now()
    clock.advance(seconds=29)
    worker._beat()
    with database.reading() as session:
        assert last_beat(session) == first
    clock.advance(seconds=1)
    worker._beat()
    with database.reading() as session:
        assert last_beat(session) == clock.now()
        assert session.scalars(select(Lane)).all() == []
