"""Gets one batch across: waits out what passes, halves what is refused in part, and ends with what nobody will take."""

import random
import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from resign.outbox.contract import Accepted, Busy, Misconfigured, Outcome, Unreachable
from resign.profile import Profile
from resign.push.batches import Batch

_FIRST_WAIT = 1.0
_LONGEST_WAIT = 60.0
_MOST_DOUBLINGS = 6


class Writer(Protocol):
    """Called from several threads at once; never raises."""

    def write(self, items: Sequence[tuple[Profile, str]]) -> Outcome:
        """One batch, which may create profiles."""
        ...

    def write_one(self, profile: Profile, token: str) -> Outcome:
        """One update, which creates nobody."""
        ...


Deliver = Callable[[Batch, Writer, "Patience"], None]


class CannotGoOn(Exception):
    """Nothing will be taken until somebody mends what the message says."""


class Interrupted(Exception):
    """Somebody asked to stop while a batch waited for its turn."""


class Patience:
    """Tries again for ever, ever more slowly, and no sooner than it was asked to; a stop ends the waiting."""

    def __init__(
        self,
        stop: threading.Event,
        say: Callable[[str], None],
        wait: Callable[[float], bool] | None = None,
    ) -> None:
        """`wait` takes seconds and answers whether the stop came; `say` hears of every wait."""
        self._stop = stop
        self._say = say
        self._wait = wait or stop.wait
        self._chance = random.Random()  # noqa: S311 - it spreads retries; nobody gains by guessing it

    def until_answered(self, ask: Callable[[], Outcome]) -> Outcome:
        """The first outcome that is an answer; raises CannotGoOn or Interrupted."""
        tries = 0
        while not self._stop.is_set():
            outcome = ask()
            if isinstance(outcome, Misconfigured):
                raise CannotGoOn(outcome.reason)
            if not isinstance(outcome, Busy | Unreachable):
                return outcome
            seconds = self._seconds(outcome, tries)
            tries += 1
            self._say(f"{outcome.reason or 'Synerise is busy'}; trying again in {seconds:.0f} s")
            if self._wait(seconds):
                break
        raise Interrupted

    def _seconds(self, outcome: Busy | Unreachable, tries: int) -> float:
        usual = min(_FIRST_WAIT * 2.0 ** min(tries, _MOST_DOUBLINGS), _LONGEST_WAIT)
        asked = outcome.after if isinstance(outcome, Busy) else None
        # Spread upwards only: sooner than asked would be ruder than not to ask.
        return max(usual, asked.total_seconds() if asked else 0.0) * (1 + self._chance.random() / 4)


def deliver_together(batch: Batch, writer: Writer, patience: Patience) -> None:
    """Puts what is refused for good among the batch's rejected.

    Synerise does not say which items of a batch it refused, so the batch is halved until the bad ones stand
    alone: one among a thousand costs about twenty calls instead of a thousand. The good ones are written more
    than once on the way, always with the same token.
    """
    waiting = [range(len(batch.items))] if batch.items else []
    while waiting:
        part = waiting.pop()
        items = batch.items[part.start : part.stop]
        outcome = patience.until_answered(lambda items=items: writer.write(items))  # type: ignore[misc]
        if isinstance(outcome, Accepted):
            continue
        if len(part) == 1:
            batch.refuse(part.start, _reason(outcome))
        else:
            middle = len(part) // 2
            waiting += [part[middle:], part[:middle]]


def deliver_one_by_one(batch: Batch, writer: Writer, patience: Patience) -> None:
    """Only updates: who is unknown to Synerise ends among the rejected, and nobody is created."""
    for number, item in enumerate(batch.items):
        outcome = patience.until_answered(lambda item=item: writer.write_one(*item))  # type: ignore[misc]
        if not isinstance(outcome, Accepted):
            batch.refuse(number, _reason(outcome))


def _reason(outcome: Outcome) -> str:
    return getattr(outcome, "reason", "") or type(outcome).__name__
