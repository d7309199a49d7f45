"""Claims: one statement, a lease, a ticket; nobody tells the same thing twice at once."""

from datetime import timedelta

import pytest

from resign.db import Database
from resign.outbox.claim import LEASE, claim, release
from resign.outbox.contract import Accepted
from resign.outbox.settle import Finished, settle
from resign.outbox.verdict import Verdict
from tests.outbox.test_fanout import fan
from tests.support.clock import StandingClock
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY, decision, record, states


@pytest.fixture
def owed(database: Database, clock: StandingClock) -> Database:
    record(database, decision(clock), decision(clock, BORIS))
    fan(database, clock, "synerise")
    return database


def take(database: Database, clock: StandingClock, most: int = 10, **more):
    with database.writing() as session:
        claims = claim(session, clock.now(), most, ["default"], **more)
        session.commit()
    return claims


def settled(database: Database, clock: StandingClock, claims, state: str = "accepted") -> None:
    verdict = Verdict(state, clock.now(), "accepted")
    with database.writing() as session:
        settle(
            session, [Finished(c, Accepted(), verdict, clock.now(), 5) for c in claims], lambda _: DIGEST_KEY
        )
        session.commit()


def test_what_one_worker_holds_another_does_not_get(owed: Database, clock: StandingClock):
    first = take(owed, clock, most=1)
    second = take(owed, clock)
    assert [c.message.profile for c in first + second] == [ANNA, BORIS]
    assert take(owed, clock) == []


def test_a_crashed_worker_loses_its_claim_not_the_message(owed: Database, clock: StandingClock):
    take(owed, clock)
    clock.advance(seconds=LEASE.total_seconds() + 1)
    assert len(take(owed, clock)) == 2


def test_a_worker_that_comes_back_too_late_settles_nothing(owed: Database, clock: StandingClock):
    late = take(owed, clock)
    clock.advance(seconds=LEASE.total_seconds() + 1)
    now = take(owed, clock)
    settled(owed, clock, late, state="confirmed")
    assert states(owed) == ["owed", "owed"]
    settled(owed, clock, now)
    assert states(owed) == ["accepted", "accepted"]


def test_a_newer_decision_waits_until_the_older_one_is_no_longer_under_way(
    owed: Database, clock: StandingClock
):
    under_way = take(owed, clock)
    record(owed, decision(clock, choice="opt-in"))
    fan(owed, clock, "synerise")
    assert take(owed, clock) == []
    settled(owed, clock, under_way)
    (newer,) = take(owed, clock, closed=[("default", "synerise", "read-back")])
    assert newer.message.choice == "opt-in"


def test_a_message_overtaken_under_way_stays_overtaken(owed: Database, clock: StandingClock):
    under_way = take(owed, clock)
    record(owed, decision(clock, choice="opt-in"))
    fan(owed, clock, "synerise")
    settled(owed, clock, under_way)
    assert states(owed) == ["superseded", "accepted", "owed"]


def test_a_closed_lane_is_left_alone_and_a_probe_takes_one_of_it(owed: Database, clock: StandingClock):
    way = ("default", "synerise", "tell")
    assert take(owed, clock, closed=[way]) == []
    assert len(take(owed, clock, 1, only=way)) == 1


def test_what_is_not_due_yet_is_left_alone(owed: Database, clock: StandingClock):
    clock.advance(seconds=-1)
    assert take(owed, clock) == []


def test_released_messages_are_there_for_the_next(owed: Database, clock: StandingClock):
    claims = take(owed, clock)
    with owed.writing() as session:
        release(session, claims)
        session.commit()
    assert len(take(owed, clock)) == 2


def test_the_lease_outlives_the_longest_call():
    from resign.outbox.worker import _LONGEST_CALL  # noqa: PLC0415

    assert timedelta(seconds=2 * _LONGEST_CALL) < LEASE
