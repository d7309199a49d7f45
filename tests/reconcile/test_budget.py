"""The day's calls: one budget for each workspace and day, whoever makes them, and one process at a time."""

from datetime import timedelta

import pytest

from resign.outbox.contract import Unreachable
from resign.profile import Profile
from resign.reconcile.reconciler import runs
from tests.support.decisions import ANNA, decision


def people(count):
    return [Profile("email", f"p{number}@example.com") for number in range(count)]


def at_once(reconciler):
    while reconciler.advance("default", now_at_once=True):
        pass


def test_whoever_repeats_the_command_gets_no_more_calls(clock, make, settle, there):
    settle(*(decision(clock, profile) for profile in people(10)))
    command = make(budget=4)
    for _ in range(10):
        at_once(command)
    assert 0 < len(there.asked) <= 4
    assert command.used_up("default")


def test_the_command_and_the_worker_share_the_calls_of_a_day(clock, make, settle, there, finish):
    settle(*(decision(clock, profile) for profile in people(3)))
    for _ in range(10):
        at_once(make(budget=8))
        finish(make(budget=8))
    assert 3 < len(there.asked) <= 8, "a finished run does not give its calls back"


def test_midnight_brings_new_calls(clock, make, settle, there):
    settle(*(decision(clock, profile) for profile in people(10)))
    command = make(budget=4)
    at_once(command)
    used = len(there.asked)
    clock.advance(seconds=86_400)
    assert not command.used_up("default")
    at_once(command)
    assert len(there.asked) > used


def test_second_looks_count_as_well(clock, make, settle, there, finish):
    settle(*(decision(clock, profile, choice="opt-in") for profile in people(10)))
    there.shows = dict.fromkeys(people(10), "opt-out")
    finish(make(budget=6))
    assert len(there.asked) == 6


def test_with_one_call_a_day_a_run_still_comes_on(clock, make, settle, there, finish, newest_run):
    settle(*(decision(clock, profile, choice="opt-in") for profile in people(2)))
    there.shows = dict.fromkeys(people(2), "opt-out")
    reconciler = make(budget=1)
    for _ in range(2):
        finish(reconciler)
        clock.advance(seconds=86_400)
    assert newest_run().looked == len(there.asked) == 2


def test_calls_of_a_worker_that_died_are_counted(clock, make, settle, there, finish):
    settle(*(decision(clock, profile) for profile in people(2)))
    dead = make(budget=4)
    dead._look = lambda *_: 1 / 0
    with pytest.raises(ZeroDivisionError):
        dead.step()
    clock.advance(seconds=601)
    finish(make(budget=4))
    assert not there.asked


def test_the_command_does_not_wait_for_the_end_of_a_pause(clock, make, settle, there, finish, newest_run):
    settle(decision(clock))
    there.says[ANNA] = Unreachable("no answer")
    finish(make())
    there.says.clear()
    at_once(make())
    assert newest_run().agreed == 1


def test_the_command_leaves_alone_what_a_worker_looks_at(clock, make, settle, there, finish, newest_run):
    settle(decision(clock))
    worker, command = make(), make()
    look = worker._look
    worker._look = lambda *about: (at_once(command), look(*about))[1]
    finish(worker)
    assert len(there.asked) == 1
    assert newest_run().looked == 1


def test_a_worker_that_comes_back_after_its_lease_changes_nothing(
    database, clock, make, settle, there, finish
):
    """Another one has looked meanwhile: what it counted must not be counted twice."""
    settle(decision(clock))
    late, heir = make(), make()
    look = late._look

    def slowly(*about):
        clock.advance(seconds=timedelta(minutes=10).total_seconds() + 1)
        finish(heir)
        return look(*about)

    late._look = slowly
    late.advance("default")
    with database.reading() as session:
        assert [(run.looked, run.agreed) for run in runs(session)] == [(1, 1)]
