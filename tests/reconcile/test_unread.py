"""Answers that do not come: one profile holds up nobody, and a run comes to its end whatever happens."""

import pytest

from resign.outbox.contract import Busy, Confirmed, Differs, Misconfigured, Unreachable
from resign.profile import Profile
from tests.support.decisions import ANNA, BORIS, decision


def test_one_profile_that_cannot_be_read_stops_nothing(clock, make, settle, there, finish, newest_run):
    people = [Profile("email", f"p{number}@example.com") for number in range(20)]
    settle(*(decision(clock, profile) for profile in people))
    there.says = dict.fromkeys(people, Differs("the profile says opt-in"))
    there.says[people[7]] = Unreachable("500 for this one")
    finish(make())
    run = newest_run()
    assert (run.told_again, run.unread) == (19, 1)
    assert run.finished_at is not None
    assert len(there.asked) == 20


@pytest.mark.parametrize("outcome", [Busy(), Unreachable("no answer"), Misconfigured("the key is refused")])
def test_a_run_ends_also_where_nobody_ever_answers(clock, make, settle, there, finish, newest_run, outcome):
    settle(decision(clock), decision(clock, BORIS))
    there.says = {ANNA: outcome, BORIS: outcome}
    reconciler = make()
    for _ in range(11):
        assert not there.asked or newest_run().finished_at is None
        finish(reconciler)
        clock.advance(seconds=61)
    assert newest_run().finished_at is not None
    assert newest_run().unread == 2
    assert len(there.asked) == 22


def test_a_key_that_is_refused_pauses_although_others_were_answered(
    clock, make, settle, there, finish, newest_run
):
    settle(decision(clock), decision(clock, BORIS))
    there.says = {ANNA: Misconfigured("the key is refused"), BORIS: Confirmed()}
    finish(make())
    assert (newest_run().looked, newest_run().finished_at) == (0, None)


def test_pauses_are_counted_anew_after_an_answer(clock, make, settle, there, finish, newest_run):
    settle(decision(clock))
    there.says[ANNA] = Unreachable("no answer")
    reconciler = make()
    for _ in range(5):
        finish(reconciler)
        clock.advance(seconds=61)
    assert newest_run().pauses == 5
    there.says.clear()
    finish(reconciler)
    assert (newest_run().agreed, newest_run().pauses) == (1, 0)
