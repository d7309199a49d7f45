"""The daily comparison: drift is told again, both directions are counted, and a run goes on where it stopped."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from resign.outbox.contract import Differs, NoSuchProfile, Refused, Unreachable
from resign.outbox.tables import Attempt
from resign.profile import Profile
from resign.reconcile.reconciler import runs
from tests.support.decisions import ANNA, BORIS, choices, decision, record, states
from tests.support.destination import ScriptedDestination


def test_who_was_switched_on_without_an_opt_in_is_switched_off_again(
    database, clock, make, settle, there, newest_run, finish
):
    settle(decision(clock), decision(clock, BORIS))
    there.says[ANNA] = Differs("the profile says opt-in")
    finish(make())
    assert sorted(states(database)) == ["confirmed", "owed"]
    run = newest_run()
    assert (run.looked, run.agreed, run.told_again) == (2, 1, 1)
    assert run.finished_at is not None


def test_an_opt_out_that_came_from_synerise_is_told_when_it_no_longer_holds(
    database, clock, make, settle, there, finish
):
    """What Synerise says now is not the echo of what it said then."""
    settle(decision(clock, method="synerise"))
    assert states(database) == []
    there.says[ANNA] = Differs("the profile says opt-in")
    finish(make())
    assert states(database) == ["owed"]


def test_somebody_who_is_gone_there_is_counted(database, clock, make, settle, there, newest_run, finish):
    settle(decision(clock))
    there.says[ANNA] = NoSuchProfile()
    finish(make())
    assert newest_run().unknown == 1
    assert states(database) == ["confirmed"]


def test_what_is_being_told_is_not_looked_at(database, clock, make, make_worker, there, finish):
    record(database, decision(clock))
    make_worker(ScriptedDestination(tell=lambda _: Unreachable())).drain()
    finish(make())
    assert not there.asked


def test_a_newer_opt_in_is_respected(database, clock, make, settle, there, finish):
    """It comes in between reading the ledger and reading the profile."""
    settle(decision(clock))
    there.says[ANNA] = Differs("the profile says opt-in")
    look = there.read_back
    reconciler = make()
    reconciler._read_backs = {
        "default": lambda message: (record(database, decision(clock, choice="opt-in")), look(message))[1]
    }
    finish(reconciler)
    assert choices(database) == ["opt-out", "opt-in"]
    assert states(database) == ["confirmed"]


def test_one_that_cannot_be_read_does_not_hold_up_the_others(clock, make, settle, there, newest_run, finish):
    settle(decision(clock), decision(clock, BORIS))
    there.says[ANNA] = Refused("no")
    finish(make())
    run = newest_run()
    assert (run.unread, run.agreed) == (1, 1)
    assert run.finished_at is not None


def test_while_synerise_is_away_a_run_waits_and_then_goes_on(clock, make, settle, there, newest_run, finish):
    settle(decision(clock))
    there.says[ANNA] = Unreachable("no answer")
    reconciler = make()
    finish(reconciler)
    assert newest_run().finished_at is None
    there.says.clear()
    finish(reconciler)
    assert newest_run().finished_at is None, "it did not pause"
    clock.advance(seconds=61)
    finish(reconciler)
    assert newest_run().agreed == 1


def people(count):
    return [Profile("email", f"p{number}@example.com") for number in range(count)]


def test_a_run_keeps_to_its_budget_and_goes_on_the_next_day(database, clock, make, settle, there, finish):
    settle(*(decision(clock, profile) for profile in people(25)))
    reconciler = make(budget=10)
    for calls in (9, 18, 25):  # one call alone could not be asked a second time
        finish(reconciler)
        assert len(there.asked) == calls
        clock.advance(seconds=86_400)
    assert len(set(there.asked)) == 25
    with database.reading() as session:
        assert runs(session)[-1].finished_at is not None


def test_another_process_goes_on_where_the_first_one_died(clock, make, settle, there, finish):
    settle(*(decision(clock, profile) for profile in people(200)))
    first = make()
    first.step()
    looked = len(there.asked)
    assert 0 < looked < 200
    finish(make())
    assert len(there.asked) == 200
    assert len(set(there.asked)) == 200


def test_a_part_whose_worker_died_is_looked_at_again_after_its_lease(
    clock, make, settle, there, newest_run, finish
):
    settle(decision(clock))
    dead = make()
    dead._look = lambda *_: 1 / 0
    with pytest.raises(ZeroDivisionError):
        dead.step()
    heir = make()
    finish(heir)
    assert not there.asked
    clock.advance(seconds=601)
    finish(heir)
    assert newest_run().agreed == 1


def test_it_runs_once_a_day_at_its_time(clock, make, settle, there, finish):
    settle(decision(clock))
    reconciler = make(at=(clock.now() + timedelta(hours=1)).time().replace(tzinfo=None))
    finish(reconciler)
    assert len(there.asked) == 1, "the first comparison need not wait"
    finish(reconciler)
    clock.advance(seconds=3_500)
    finish(reconciler)
    assert len(there.asked) == 1
    clock.advance(seconds=200)
    finish(reconciler)
    assert len(there.asked) == 2


def test_switched_off_it_does_nothing_by_itself(clock, make, settle, there, finish):
    settle(decision(clock))
    finish(make(at=None))
    assert not there.asked


def test_the_timeline_shows_why_it_was_told_again(database, clock, make, settle, there, finish):
    settle(decision(clock))
    there.says[ANNA] = Differs("the profile says opt-in")
    finish(make())
    with database.reading() as session:
        last = session.scalars(select(Attempt).order_by(Attempt.id.desc())).first()
    assert (last.outcome, last.reason) == ("drifted", "found when comparing: the profile says opt-in")
