"""What is alarming, from when on, and what is not."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from resign.ledger.tables import Decision
from resign.outbox import dead
from resign.outbox.contract import Accepted, Misconfigured, NoSuchProfile, Refused, Unreachable
from resign.outbox.heartbeat import beat
from resign.outbox.lanes import resume, stop
from resign.outbox.tables import MessageRow
from resign.profile import Profile
from resign.reconcile.tables import Reconciliation
from tests.outbox.test_worker import run_for
from tests.support.decisions import BORIS, decision, record
from tests.support.destination import ScriptedDestination


@pytest.mark.parametrize(
    ("before", "level"),
    [
        ({"minutes": 5}, "notice"), ({"hours": 1}, "warning"), ({"hours": 24}, "critical"),
    ],
)  # fmt: skip
def test_the_oldest_that_is_not_delivered_is_alarming_to_the_second(
    database, clock, make_worker, raised, before, level
):
    record(database, decision(clock))
    make_worker(ScriptedDestination(tell=lambda _: Unreachable("no answer"))).drain()
    clock.advance(**before)
    clock.advance(seconds=-1)
    assert level not in {alarm.level for alarm in raised()}
    clock.advance(seconds=1)
    (late,) = raised()
    assert (late.name, late.workspace, late.level) == ("late", "default", level)
    assert late.since == clock.now() - timedelta(**before)


def test_what_is_delivered_ends_it(database, clock, make_worker, raised):
    destination = ScriptedDestination(tell=lambda _: Unreachable("no answer"))
    record(database, decision(clock))
    worker = make_worker(destination)
    run_for(worker, clock, hours=2)
    assert [alarm.level for alarm in raised()] == ["warning"]
    destination.tell = lambda _: Accepted()
    run_for(worker, clock, minutes=1)
    assert raised() == []


def test_decisions_that_no_worker_takes_up_are_alarming_by_themselves(database, clock, raised):
    record(database, decision(clock))
    clock.advance(seconds=119)
    assert raised() == []
    clock.advance(seconds=1)
    assert [(alarm.name, alarm.level) for alarm in raised()] == [("waiting", "warning")]
    clock.advance(hours=24)
    assert [(alarm.name, alarm.level) for alarm in raised()] == [("late", "critical"), ("waiting", "warning")]


def test_whoever_is_not_known_there_is_no_alarm(database, clock, make_worker, raised):
    record(database, decision(clock))
    run_for(make_worker(ScriptedDestination(tell=lambda _: NoSuchProfile())), clock, days=3, stride=60)
    assert raised() == []


def test_a_lane_that_is_held_is_alarming_at_once(database, clock, make_worker, raised):
    record(database, decision(clock))
    make_worker(ScriptedDestination(tell=lambda _: Misconfigured("the key is wrong"))).drain()
    assert [(alarm.name, alarm.workspace, alarm.level) for alarm in raised()] == [
        ("held", "default", "warning")
    ]


def test_a_lane_paused_by_hand_reminds_after_an_hour(database, clock, raised):
    with database.writing() as session:
        stop(session, "default", "synerise", "ola", "maintenance", clock.now())
        session.commit()
    clock.advance(minutes=59, seconds=59)
    assert raised() == []
    clock.advance(seconds=1)
    assert [(alarm.name, alarm.level) for alarm in raised()] == [("stopped", "warning")]
    with database.writing() as session:
        resume(session, "default", "synerise")
        session.commit()
    assert raised() == []


def test_a_dead_letter_is_alarming_until_it_is_overtaken(database, clock, make_worker, raised):
    worker = make_worker(ScriptedDestination(tell=lambda _: Refused("400")))
    record(database, decision(clock, choice="opt-in"))
    run_for(worker, clock, seconds=1)
    assert [(alarm.name, alarm.level) for alarm in raised()] == [("dead", "warning")]
    record(database, decision(clock, method="synerise"))
    worker.drain()
    assert raised() == []


def test_many_refusals_of_one_workspace_do_not_hide_those_of_another(
    database, clock, make_worker, raised, monkeypatch
):
    """Each is looked through by itself; where there are very many, the last that is looked at is in doubt."""
    monkeypatch.setattr(dead, "_LOOKED_AT_FIRST", 2)
    worker = make_worker(ScriptedDestination(tell=lambda _: Refused("400")))
    record(database, *(decision(clock, Profile("email", f"p{n}@example.com"), "opt-in") for n in range(4)))
    run_for(worker, clock, seconds=1)
    with database.writing() as session:
        last = select(func.max(MessageRow.id)).scalar_subquery()
        session.execute(update(MessageRow).where(MessageRow.id == last).values(workspace="second"))
        last = select(func.max(Decision.seq)).scalar_subquery()
        session.execute(update(Decision).where(Decision.seq == last).values(workspace="second"))
        session.commit()
    assert [(alarm.name, alarm.workspace) for alarm in raised()] == [("dead", "default"), ("dead", "second")]
    record(
        database,
        *(decision(clock, Profile("email", f"p{n}@example.com"), method="synerise") for n in range(3)),
    )
    assert [alarm.workspace for alarm in raised() if alarm.name == "dead"] == ["default", "second"], (
        "in doubt"
    )
    monkeypatch.undo()
    assert [alarm.workspace for alarm in raised() if alarm.name == "dead"] == ["second"]


def test_a_worker_that_fell_silent_is_alarming_and_none_that_never_ran(database, clock, raised):
    assert raised() == []
    with database.writing() as session:
        beat(session, clock.now())
        session.commit()
    clock.advance(seconds=119)
    assert raised() == []
    clock.advance(seconds=1)
    assert [(alarm.name, alarm.workspace) for alarm in raised()] == [("silent", "")]


@pytest.mark.parametrize(
    ("run", "names"),
    [
        ({"pauses": 3}, ["unread"]),
        ({"pauses": 2}, []),
        ({"looked": 10, "unread": 6}, ["unread"]),
        ({"looked": 10, "unread": 5}, []),
    ],
)
def test_a_comparison_that_cannot_read_is_alarming(database, clock, raised, run, names):
    now = clock.now()
    with database.writing() as session:
        for values in ({"unread": 9, "looked": 9, "finished_at": now}, run):
            session.add(Reconciliation(workspace="default", started_at=now, resume_at=now, **values))
            session.flush()
        session.commit()
    assert [alarm.name for alarm in raised()] == names


def test_the_worst_comes_first_and_each_thing_once_for_a_workspace(database, clock, make_worker, raised):
    destinations = [
        ScriptedDestination(tell=lambda _: Misconfigured("x"), name=name) for name in ("synerise", "other")
    ]
    record(database, decision(clock), decision(clock, BORIS))
    worker = make_worker(*destinations)
    worker.drain()
    clock.advance(hours=25)
    with database.writing() as session:
        session.execute(
            update(MessageRow).where(MessageRow.destination == "other").values(owed_since=clock.now())
        )
        session.commit()
    assert [(alarm.name, alarm.level) for alarm in raised()] == [("late", "critical"), ("held", "warning")]
