"""A receiver's own opt-out is not told back to it, unless the last that it heard from us, or may hear yet, is an opt-in.

Otherwise an opt-in that was on its way there would land after the opt-out, and the receiver would go on mailing.
"""

from datetime import UTC, datetime

import pytest

from resign.outbox import lanes
from tests.outbox.conftest import make_worker
from tests.outbox.test_worker import run_for
from tests.support.decisions import ANNA, decision, record
from tests.support.destination import ScriptedDestination

__all__ = ["make_worker"]


@pytest.fixture
def clock(clock):
    clock._now = datetime.now(UTC)
    return clock


@pytest.fixture
def opts_out(database, clock):
    """In the receiver itself, which says so by the API."""

    def say(**more) -> None:
        record(database, decision(clock, ANNA, **{"method": "api", "origin": "crm", **more}))

    return say


@pytest.fixture
def worker(make_worker, webhook):
    return make_worker(ScriptedDestination(), webhook())


def heard(receiver) -> list[str]:
    return [post["data"]["choice"] for post in receiver.posts]


def test_an_opt_in_that_is_in_flight_is_followed_by_the_opt_out(database, clock, worker, opts_out, receiver):
    def just_before_it_is_taken(_):
        if len(receiver.posts) == 1:
            opts_out()
        return 200, {}, b""

    receiver.answer = just_before_it_is_taken
    record(database, decision(clock, ANNA, "opt-in"))
    run_for(worker, clock, seconds=10)
    assert heard(receiver) == ["opt-in", "opt-out"]


@pytest.mark.parametrize("status", [200, 500])
def test_so_is_one_that_was_told_or_may_have_been(database, clock, worker, opts_out, receiver, status):
    """What it has answered 200 to may wait in a queue of its own; what it has answered 500 to may have got there."""
    receiver.says(status)
    record(database, decision(clock, ANNA, "opt-in"))
    run_for(worker, clock, seconds=1)
    tried = len(receiver.posts)
    receiver.says(200)
    opts_out()
    run_for(worker, clock, seconds=60)
    assert heard(receiver)[tried:] == ["opt-out"]


def test_one_that_a_worker_died_over_may_have_been_told(
    database, clock, make_worker, webhook, opts_out, receiver
):
    record(database, decision(clock, ANNA, "opt-in"))
    dies = make_worker(webhook())
    dies._deliver = lambda _: None
    dies._on_finished = lambda _: None
    dies.step()
    opts_out()
    run_for(make_worker(webhook()), clock, minutes=3, stride=5)
    assert heard(receiver) == ["opt-out"]


def test_one_that_never_left_is_withdrawn_and_followed_by_nothing(
    database, clock, worker, opts_out, receiver
):
    with database.writing() as session:
        lanes.stop(session, "default", "crm", "mia", "they move house", clock.now())
        session.commit()
    record(database, decision(clock, ANNA, "opt-in"))
    run_for(worker, clock, seconds=3)
    opts_out()
    run_for(worker, clock, seconds=3)
    with database.writing() as session:
        lanes.resume(session, "default", "crm")
        session.commit()
    run_for(worker, clock, seconds=10)
    assert heard(receiver) == []


def test_an_opt_out_of_ours_that_did_not_get_there_does_not_count_as_heard(
    database, clock, worker, opts_out, receiver
):
    record(database, decision(clock, ANNA, "opt-in"))
    run_for(worker, clock, seconds=3)
    receiver.says(500)
    record(database, decision(clock, ANNA, "opt-out"))
    run_for(worker, clock, seconds=1)
    opts_out()
    receiver.says(200)
    tried = len(receiver.posts)
    run_for(worker, clock, seconds=60)
    assert heard(receiver)[tried:] == ["opt-out"]


def test_it_is_told_once_however_often_it_says_so(database, clock, worker, opts_out, receiver):
    record(database, decision(clock, ANNA, "opt-in"))
    run_for(worker, clock, seconds=3)
    for _ in range(3):
        opts_out()
        run_for(worker, clock, seconds=10)
    opts_out(method="import")
    run_for(worker, clock, seconds=10)
    assert heard(receiver) == ["opt-in", "opt-out"]


def test_where_it_has_heard_of_an_opt_out_last_it_hears_nothing(database, clock, worker, opts_out, receiver):
    for choice in ("opt-in", "opt-out"):
        record(database, decision(clock, ANNA, choice))
        run_for(worker, clock, seconds=3)
    opts_out()
    run_for(worker, clock, seconds=10)
    assert heard(receiver) == ["opt-in", "opt-out"]


def test_a_newer_opt_in_is_what_it_hears_last(database, clock, worker, opts_out, receiver):
    record(database, decision(clock, ANNA, "opt-in"))
    run_for(worker, clock, seconds=3)
    opts_out()
    record(database, decision(clock, ANNA, "opt-in"))
    run_for(worker, clock, seconds=10)
    assert heard(receiver) == ["opt-in", "opt-in"]
