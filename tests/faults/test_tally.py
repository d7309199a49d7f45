"""The tally must see every kind of loss, or its zeros say nothing."""

import pytest

from resign.db import Database
from resign.ids import reference
from resign.ledger import NewDecision
from resign.profile import Profile
from tests.faults.browser import Press
from tests.faults.people import Person
from tests.faults.tally import count
from tests.support.clock import StandingClock
from tests.support.decisions import ANNA, decision, record

NOBODY = "0000-0000-0000"


def anna(plan: tuple[str, ...] = ("opt-out",)) -> Person:
    return Person(7, ANNA, "token", plan, by_page=False)


def acknowledged(made: NewDecision) -> Press:
    return Press(anna(), made.choice, 200, reference(made.id))


@pytest.fixture
def out(database: Database, clock: StandingClock) -> NewDecision:
    made = decision(clock)
    record(database, made)
    return made


def test_what_is_in_the_ledger_and_holds_in_synerise_is_not_lost(
    database: Database, out: NewDecision
) -> None:
    tally = count([acknowledged(out)], database, {7: False})
    assert (tally.acknowledged, tally.recorded, tally.lost) == (1, 1, 0)


def test_what_was_acknowledged_and_is_not_in_the_ledger_is_lost(database: Database) -> None:
    tally = count([Press(anna(), "opt-out", 200, NOBODY)], database, {7: False})
    assert (tally.recorded, tally.lost_here, tally.lost_there) == (0, 1, 0)


def test_another_persons_row_does_not_make_up_for_a_lost_one(database: Database, out: NewDecision) -> None:
    boris = Person(8, Profile("email", "boris@example.com"), "token", ("opt-out",), by_page=False)
    tally = count([Press(boris, "opt-out", 200, reference(out.id))], database, {8: False})
    assert tally.lost_here == 1


def test_whoever_is_still_mailed_in_the_end_is_lost(database: Database, out: NewDecision) -> None:
    assert count([acknowledged(out)], database, {7: True}).lost_there == 1


def test_whoever_is_unknown_in_the_end_is_lost(database: Database, out: NewDecision) -> None:
    assert count([acknowledged(out)], database, {}).lost_there == 1


def test_the_last_choice_is_the_one_that_must_hold(
    database: Database, clock: StandingClock, out: NewDecision
) -> None:
    undone = decision(clock, choice="opt-in")
    record(database, undone)
    presses = [acknowledged(out), acknowledged(undone)]
    assert count(presses, database, {7: True}).lost == 0
    assert count(presses, database, {7: False}).lost_there == 1


def test_nobody_knows_what_became_of_a_last_press_without_an_answer(
    database: Database, out: NewDecision
) -> None:
    presses = [acknowledged(out), Press(anna(), "opt-in", 0)]
    assert count(presses, database, {7: True}).lost == 0


def test_a_row_that_nobody_pressed_for_is_doubled_and_one_without_an_answer_is_unseen(
    database: Database, clock: StandingClock, out: NewDecision
) -> None:
    record(database, decision(clock))
    again = count([acknowledged(out)], database, {7: False})
    assert (again.doubled, again.unseen) == (1, 0)
    pressed_twice = count([Press(anna(), "opt-out", 0), acknowledged(out)], database, {7: False})
    assert (pressed_twice.doubled, pressed_twice.unseen) == (0, 1)
