""" "Again?" is answered by the outcome's type: the table, with its arithmetic."""

import random
from datetime import timedelta

import pytest

from resign.ids import new_id
from resign.outbox.claim import Claimed
from resign.outbox.contract import (
    Accepted,
    Busy,
    Confirmed,
    Differs,
    Message,
    Misconfigured,
    NoSuchProfile,
    Refused,
    SendAlone,
    Unreachable,
)
from resign.outbox.verdict import backoff, judge
from tests.support.clock import StandingClock
from tests.support.decisions import ANNA
from tests.support.destination import ScriptedDestination

CLOCK = StandingClock()
NOW = CLOCK.now()
S = timedelta(seconds=1)


class NoChance(random.Random):
    def random(self) -> float:
        return 0.0


def claimed(phase: str = "tell", *, tries: int = 0, tellings: int = 0, waited: timedelta = 0 * S) -> Claimed:
    message = Message(new_id(), ANNA, "newsletter", "opt-out", NOW, tellings=tellings)
    way = ("default", "synerise", phase)
    return Claimed(1, new_id(), NOW, way, tries, NOW - waited, message)


@pytest.mark.parametrize(
    ("claim", "outcome", "state", "wait", "lane"),
    [
        (claimed(), Accepted(), "accepted", 0.3 * S, "works"),
        (claimed("read-back"), Confirmed(), "confirmed", 0 * S, "works"),
        (claimed("read-back"), Differs(), "accepted", 0.3 * S, "works"),
        (claimed("read-back", tries=3), Differs(), "accepted", 2.4 * S, "works"),
        (claimed("read-back", tries=9), Differs(), "accepted", 30 * S, "works"),
        (claimed("read-back", waited=31 * S), Differs(), "owed", 0 * S, "works"),
        (claimed("read-back", waited=31 * S, tellings=2), Differs(), "owed", 600 * S, "works"),
        (claimed(), NoSuchProfile(), "owed", 600 * S, "works"),
        (claimed(tries=9), NoSuchProfile(), "owed", 86400 * S, "works"),
        (claimed("read-back"), NoSuchProfile(), "owed", 600 * S, "works"),
        (claimed(), Busy(after=7 * S), "owed", 7 * S, "failed"),
        (claimed("read-back"), Busy(), "accepted", 1 * S, "failed"),
        (claimed(), Unreachable(), "owed", 1 * S, "failed"),
        (claimed(tries=4), Unreachable(), "owed", 16 * S, "failed"),
        (claimed(tries=400), Unreachable(), "owed", 900 * S, "failed"),
        (claimed("read-back", tries=1), Unreachable(), "accepted", 2 * S, "failed"),
        (claimed(), SendAlone(), "owed", 0 * S, "works"),
        (claimed(), Refused("400"), "dead", 0 * S, "works"),
        (claimed("read-back"), Refused("400"), "accepted", 900 * S, "works"),
        (claimed(), Misconfigured("no permission"), "owed", 1 * S, "held"),
        (claimed("read-back"), Misconfigured("no permission"), "accepted", 1 * S, "held"),
    ],
)
def test_the_table(claim, outcome, state, wait, lane):
    verdict = judge(claim, outcome, ScriptedDestination(), NOW, NoChance())
    assert (verdict.state, verdict.due_at - NOW, verdict.lane) == (state, wait, lane)


def test_a_destination_that_cannot_be_read_back_is_done_when_it_accepts():
    destination = ScriptedDestination()
    destination.confirms = False
    assert judge(claimed(), Accepted(), destination, NOW, NoChance()).state == "delivered"


def test_a_drift_is_told_anew_and_a_retry_is_not():
    drifted = judge(claimed("read-back", waited=31 * S), Differs(), ScriptedDestination(), NOW, NoChance())
    retried = judge(claimed(), Unreachable(), ScriptedDestination(), NOW, NoChance())
    assert (drifted.told_anew, retried.told_anew) == (True, False)


def test_chance_spreads_retries_over_half_of_the_wait():
    waits = {backoff(6, random.Random(seed)) for seed in range(50)}
    assert len(waits) == 50
    assert all(32 * S <= wait <= 64 * S for wait in waits)
