"""What becomes of a message after an attempt: a table from outcome to state, and the arithmetic of "when again?"."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from resign.outbox.claim import Claimed
from resign.outbox.contract import (
    Accepted,
    Busy,
    Confirmed,
    Destination,
    Differs,
    Misconfigured,
    NoSuchProfile,
    Outcome,
    Refused,
    SendAlone,
    Unreachable,
)

_SECOND = timedelta(seconds=1)
# A call that failed: 1, 2, 4 … seconds, a quarter of an hour at the most, for ever.
_RETRY_MOST = timedelta(minutes=15)
# A profile that Synerise does not know may be created any day; until then nothing is mailed to it from there.
_UNKNOWN = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
# Told and accepted, but the profile says otherwise for too long: at once, then ever more patiently.
_DRIFTED = (timedelta(0), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
# Reading back: 202 means queued, and how long the queue is, nobody says.
_FIRST_LOOK = timedelta(milliseconds=300)
_LOOK_MOST = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The message's next state, and what the attempt says about its lane."""

    state: str
    due_at: datetime
    outcome: str
    reason: str = ""
    tries: int = 0
    told_anew: bool = False
    alone: bool = False
    # For the lane: it works, it failed (so pause it), or somebody has to mend it.
    lane: str = "works"
    pause: timedelta | None = None


def judge(  # noqa: C901, PLR0911 - one row per outcome; a row is easier to check than a lookup
    claimed: Claimed, outcome: Outcome, destination: Destination, now: datetime, chance: random.Random
) -> Verdict:
    """The verdict on one attempt."""
    again = _retry_state(claimed)
    match outcome:
        case Accepted():
            if destination.confirms:
                return Verdict("accepted", now + _FIRST_LOOK, "accepted")
            return Verdict("delivered", now, "accepted")
        case Confirmed():
            return Verdict("confirmed", now, "confirmed")
        case Differs(reason):
            return _not_as_told(claimed, destination, reason, now)
        case NoSuchProfile(reason):
            wait = _UNKNOWN[min(claimed.tries, len(_UNKNOWN) - 1)]
            told_anew = claimed.phase == "read-back"
            return Verdict(
                "owed", now + wait, "no-such-profile", reason, claimed.tries + 1, told_anew=told_anew
            )
        case Busy(after, reason):
            wait = after or backoff(claimed.tries, chance)
            return Verdict(again, now + wait, "busy", reason, claimed.tries + 1, lane="failed", pause=wait)
        case Unreachable(reason):
            wait = backoff(claimed.tries, chance)
            return Verdict(again, now + wait, "unreachable", reason, claimed.tries + 1, lane="failed")
        case SendAlone(reason):
            return Verdict(again, now, "send-alone", reason, claimed.tries, alone=True)
        case Refused(reason):
            return _refused(claimed, reason, now)
        case Misconfigured(reason):
            wait = backoff(claimed.tries, chance)
            return Verdict(again, now + wait, "misconfigured", reason, claimed.tries + 1, lane="held")


def backoff(tries: int, chance: random.Random) -> timedelta:
    """1, 2, 4 … seconds up to a quarter of an hour, less up to half by chance: an outage's end is no stampede."""
    longest = min(_SECOND * 2 ** min(tries, 12), _RETRY_MOST)
    return timedelta(seconds=longest.total_seconds() * (1 - chance.random() / 2))


def _retry_state(claimed: Claimed) -> str:
    return "accepted" if claimed.phase == "read-back" else "owed"


def _not_as_told(claimed: Claimed, destination: Destination, reason: str, now: datetime) -> Verdict:
    """Not yet, or drifted? Until the destination has had its time, we look again; after that an opt-out is told anew."""
    waited = now - (claimed.accepted_at or now)
    if claimed.phase == "read-back" and waited < destination.settles_within:
        look = min(_FIRST_LOOK * 2 ** min(claimed.tries, 10), _LOOK_MOST)
        return Verdict("accepted", now + look, "not-yet", reason, claimed.tries + 1)
    if claimed.message.choice == "opt-in":
        # Somebody may have opted out there meanwhile. Nobody is switched on twice by one wish: a person looks.
        return Verdict("dead", now, "drifted", reason)
    wait = _DRIFTED[min(claimed.message.tellings, len(_DRIFTED) - 1)]
    return Verdict("owed", now + wait, "drifted", reason, told_anew=True)


def _refused(claimed: Claimed, reason: str, now: datetime) -> Verdict:
    """A refused message is a dead letter. A refused look is not: the telling was accepted, so we look again."""
    if claimed.phase == "read-back":
        return Verdict("accepted", now + _RETRY_MOST, "refused", reason, claimed.tries + 1)
    return Verdict("dead", now, "refused", reason, claimed.tries + 1)
