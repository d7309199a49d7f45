"""The worker, against a destination with a script and a database that is real."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from resign.db import Database
from resign.ledger.tables import Consent
from resign.outbox.contract import (
    Accepted,
    Busy,
    Confirmed,
    Differs,
    Misconfigured,
    NoSuchProfile,
    Refused,
    SendAlone,
    Unreachable,
)
from resign.outbox.standing import standing
from resign.outbox.tables import Attempt, Lane, MessageRow
from resign.profile import Profile
from tests.support.clock import StandingClock
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY, decision, record, states
from tests.support.destination import ScriptedDestination


def run_for(worker, clock: StandingClock, *, stride: float = 5, **span: float) -> None:
    """Lets simulated time pass, a little at first and then in strides of so many minutes, with the worker at work."""
    left, step = timedelta(**span), timedelta(seconds=0.3)
    while left > timedelta(0):
        worker.drain()
        clock.advance(seconds=step.total_seconds())
        left -= step
        step = min(step * 1.2, timedelta(minutes=stride))
    worker.drain()


def outcomes(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Attempt.outcome).order_by(Attempt.id)))


def told(database: Database, profile: Profile = ANNA) -> str:
    with database.reading() as session:
        return standing(session, "default", profile.digest(DIGEST_KEY), "newsletter").told


def test_a_decision_is_told_and_then_confirmed(database, clock, make_worker):
    destination = ScriptedDestination()
    record(database, decision(clock))
    run_for(make_worker(destination), clock, seconds=2)
    assert states(database) == ["confirmed"]
    assert outcomes(database) == ["accepted", "confirmed"]
    assert told(database) == "confirmed"
    assert [(m.profile, m.choice) for m in destination.told] == [(ANNA, "opt-out")]


def test_accepted_is_not_confirmed(database, clock, make_worker):
    record(database, decision(clock))
    run_for(make_worker(ScriptedDestination(look=lambda _: Differs())), clock, seconds=5)
    assert states(database) == ["accepted"]
    assert told(database) == "telling"


def test_a_drift_is_told_again_and_shown(database, clock, make_worker):
    destination = ScriptedDestination(look=lambda _: Differs("it says enabled"))
    record(database, decision(clock))
    worker = make_worker(destination)
    run_for(worker, clock, minutes=3)
    assert [m.tellings for m in destination.told][:2] == [0, 1]
    assert "drifted" in outcomes(database)
    destination.look = lambda _: Confirmed()
    run_for(worker, clock, minutes=30)
    assert states(database) == ["confirmed"]


def test_press_undo_press_ends_as_out_with_one_telling(database, clock, make_worker):
    destination = ScriptedDestination()
    for choice in ("opt-out", "opt-in", "opt-out"):
        record(database, decision(clock, choice=choice))
    run_for(make_worker(destination), clock, seconds=2)
    assert [m.choice for m in destination.told] == ["opt-out"]
    assert states(database) == ["superseded", "superseded", "confirmed"]


def test_pressed_again_after_it_was_confirmed_is_told_again(database, clock, make_worker):
    """The person may have been switched on again elsewhere: our record is no reason to stay silent."""
    destination = ScriptedDestination()
    worker = make_worker(destination)
    for _ in range(2):
        record(database, decision(clock))
        run_for(worker, clock, seconds=2)
    assert len(destination.told) == 2
    assert states(database) == ["confirmed", "confirmed"]


def test_an_outage_of_72_hours_is_survived_by_itself(database, clock, make_worker):
    destination = ScriptedDestination(tell=lambda _: Unreachable("no connection"))
    record(database, *(decision(clock, Profile("email", f"p{n}@example.com")) for n in range(40)))
    worker = make_worker(destination)
    run_for(worker, clock, hours=72, stride=60)
    assert told(database, Profile("email", "p7@example.com")) == "delayed"
    calls_in_the_outage = len(destination.told)
    destination.tell = lambda _: Accepted()
    run_for(worker, clock, minutes=2)
    assert set(states(database)) == {"confirmed"}
    assert calls_in_the_outage < 72 * 3600 / 20, "an outage is probed now and then, not hammered"


def test_busy_pauses_the_lane_for_as_long_as_it_was_asked_to(database, clock, make_worker):
    destination = ScriptedDestination(tell=lambda _: Busy(after=timedelta(seconds=60)))
    record(database, decision(clock))
    worker = make_worker(destination)
    run_for(worker, clock, seconds=1)
    record(database, decision(clock, BORIS))
    run_for(worker, clock, seconds=30)
    assert len(destination.told) == 1
    destination.tell = lambda _: Accepted()
    run_for(worker, clock, seconds=60)
    assert states(database) == ["confirmed", "confirmed"]


def test_one_message_that_always_fails_does_not_hold_up_the_others(database, clock, make_worker):
    destination = ScriptedDestination(
        tell=lambda message: Unreachable("500") if message.profile == ANNA else Accepted()
    )
    worker = make_worker(destination)
    record(database, decision(clock))
    run_for(worker, clock, minutes=10)
    others = [Profile("email", f"p{n}@example.com") for n in range(10)]
    record(database, *(decision(clock, other) for other in others))
    run_for(worker, clock, minutes=1)
    assert states(database) == ["owed", *["confirmed"] * 10]


def test_a_wrong_key_holds_the_lane_loses_nothing_and_resumes_by_itself(database, clock, make_worker, caplog):
    destination = ScriptedDestination(tell=lambda _: Misconfigured("the key lacks a permission; add it"))
    record(database, decision(clock), decision(clock, BORIS))
    worker = make_worker(destination)
    run_for(worker, clock, hours=1)
    with database.reading() as session:
        lane = session.scalars(select(Lane)).one()
    assert lane.held_for == "the key lacks a permission; add it"
    assert states(database) == ["owed", "owed"]
    assert len(destination.told) < 130
    assert [r.levelname for r in caplog.records if "held" in r.message] == ["ERROR"]
    destination.tell = lambda _: Accepted()
    run_for(worker, clock, minutes=2)
    assert states(database) == ["confirmed", "confirmed"]


def test_a_key_that_may_not_read_does_not_keep_opt_outs_from_being_told(database, clock, make_worker):
    destination = ScriptedDestination(look=lambda _: Misconfigured("the key may not read profiles"))
    worker = make_worker(destination)
    for n in range(3):
        record(database, decision(clock, Profile("email", f"p{n}@example.com")))
        run_for(worker, clock, seconds=30)
    assert len(destination.told) == 3
    assert states(database) == ["accepted"] * 3
    destination.look = lambda _: Confirmed()
    run_for(worker, clock, minutes=5)
    assert states(database) == ["confirmed"] * 3


def test_a_profile_that_synerise_does_not_know_is_kept_and_told_once_it_does(database, clock, make_worker):
    destination = ScriptedDestination(tell=lambda _: NoSuchProfile())
    record(database, decision(clock))
    worker = make_worker(destination)
    run_for(worker, clock, days=3, stride=60)
    assert states(database) == ["owed"]
    assert told(database) == "unknown"
    destination.tell = lambda _: Accepted()
    run_for(worker, clock, days=2, stride=60)
    assert states(database) == ["confirmed"]


def test_a_refused_message_is_a_dead_letter_for_people_to_see(database, clock, make_worker):
    record(database, decision(clock))
    run_for(make_worker(ScriptedDestination(tell=lambda _: Refused("400 email"))), clock, hours=1)
    assert states(database) == ["dead"]
    with database.reading() as session:
        assert session.scalar(select(MessageRow.reason)) == "400 email"


def test_a_batch_refused_in_part_goes_out_one_by_one(database, clock, make_worker):
    destination = ScriptedDestination()
    destination.batches = True
    destination.tell = lambda message: (
        (Refused("400") if message.profile == BORIS else Accepted()) if message.alone else SendAlone("207")
    )
    record(database, decision(clock), decision(clock, BORIS))
    run_for(make_worker(destination), clock, seconds=3)
    assert destination.parcel_sizes == [2, 1, 1]
    assert states(database) == ["confirmed", "dead"]


def test_a_destination_that_raises_costs_a_retry_not_the_worker(database, clock, make_worker):
    said = []

    def stumble(_message):
        said.append(1)
        if len(said) == 1:
            raise RuntimeError("a bug in the adapter")
        return Accepted()

    record(database, decision(clock))
    run_for(make_worker(ScriptedDestination(tell=stumble)), clock, seconds=10)
    assert states(database) == ["confirmed"]


def test_reading_back_fills_in_the_address_that_a_link_did_not_name(database, clock, make_worker):
    profile = Profile("customId", "C-1042")
    record(database, decision(clock, profile))
    run_for(make_worker(ScriptedDestination(look=lambda _: Confirmed("Anna@example.com"))), clock, seconds=2)
    with database.reading() as session:
        consent = session.scalars(select(Consent)).one()
    assert (consent.email, consent.email_digest) == ("Anna@example.com", ANNA.digest(DIGEST_KEY))


def test_a_graceful_stop_finishes_what_runs_and_releases_the_rest(database, clock, make_worker):
    begun, go = threading.Event(), threading.Event()

    def slow(_message):
        begun.set()
        go.wait(10)
        return Accepted()

    record(database, *(decision(clock, Profile("email", f"p{n}@example.com")) for n in range(6)))
    worker = make_worker(ScriptedDestination(tell=slow), deliveries=1)
    running = threading.Thread(target=worker.run)
    running.start()
    begun.wait(10)
    worker.stop()
    time.sleep(0.1)
    go.set()
    running.join(10)
    assert sorted(states(database)) == ["accepted", *["owed"] * 5]
    with database.reading() as session:
        assert set(session.scalars(select(MessageRow.ticket))) == {None}


def test_two_workers_tell_each_message_once(database, clock, make_worker):
    destination = ScriptedDestination()
    record(database, *(decision(clock, Profile("email", f"p{n}@example.com")) for n in range(60)))
    workers = [make_worker(destination) for _ in range(2)]
    threads = [threading.Thread(target=worker.drain) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(destination.told) == len(set(destination.told)) == 60


def test_a_decision_wakes_the_worker(database, clock, make_worker):
    told_at = []
    destination = ScriptedDestination(tell=lambda _: (told_at.append(time.perf_counter()), Accepted())[1])
    worker = make_worker(destination)
    worker.wake.poll = 5.0 if not database.is_sqlite else worker.wake.poll  # so that only NOTIFY can be quick
    running = threading.Thread(target=worker.run)
    running.start()
    time.sleep(0.7)
    asked = time.perf_counter()
    record(database, decision(clock))
    deadline = asked + 4
    while not told_at and time.perf_counter() < deadline:
        time.sleep(0.01)
    worker.stop()
    running.join(10)
    assert told_at
    assert told_at[0] - asked < 2.5


@pytest.mark.parametrize("choice", ["opt-out", "opt-in"])
def test_the_message_says_what_was_decided(database, clock, make_worker, choice):
    destination = ScriptedDestination()
    made = decision(clock, choice=choice, campaign="spring", method="one-click")
    record(database, made)
    run_for(make_worker(destination), clock, seconds=1)
    (message,) = destination.told
    assert (message.decision_id, message.choice, message.campaign, message.method) == (
        made.id, choice, "spring", "one-click",
    )  # fmt: skip


def test_messages_of_a_workspace_that_the_settings_forgot_do_not_stop_the_others(
    database, clock, make_worker, caplog
):
    destination = ScriptedDestination()
    record(database, decision(clock), decision(clock, BORIS))
    make_worker(destination)._fan_out()
    with database.writing() as session:
        session.execute(update(MessageRow).where(MessageRow.id == 1).values(workspace="forgotten"))
        session.commit()
    worker = make_worker(destination)
    worker._name_strays()
    run_for(worker, clock, seconds=2)
    assert states(database) == ["owed", "confirmed"]
    assert [
        r.workspace for r in caplog.records if "does not name" in r.message or "do not name" in r.message
    ] == ["forgotten"]


def test_one_message_that_is_denied_does_not_hold_up_the_others_for_long(database, clock, make_worker):
    """A firewall in front of Synerise may refuse one odd identifier with the same 403 as a wrong key."""
    destination = ScriptedDestination(
        tell=lambda message: Misconfigured("403") if message.profile == ANNA else Accepted()
    )
    worker = make_worker(destination)
    record(database, decision(clock))
    run_for(worker, clock, minutes=2)
    others = [Profile("email", f"p{n}@example.com") for n in range(10)]
    record(database, *(decision(clock, other) for other in others))
    run_for(worker, clock, minutes=2)
    assert states(database) == ["owed", *["confirmed"] * 10]
