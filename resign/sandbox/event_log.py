"""The events that the pretend workspace has received and raised."""

import itertools
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass

from resign.sandbox.calls import stamp_of

_KEPT = 20_000


@dataclass(slots=True)
class Record:
    number: int
    client_id: int
    action: str
    time: float
    params: dict[str, object]
    salt: str
    source: str
    overwritten: int = 0

    def as_json(self) -> dict[str, object]:
        return {
            "id": self.number,
            "clientId": self.client_id,
            "action": self.action,
            "time": stamp_of(self.time),
            "params": self.params,
            "eventSalt": self.salt,
            "source": self.source,
            "overwritten": self.overwritten,
        }


class EventLog:
    """The newest events, counters that are never truncated, and the definitions of all actions seen.

    Not locked by itself: the world's lock is held around every call.
    """

    def __init__(self, defined: Iterable[str]) -> None:
        self.records: deque[Record] = deque(maxlen=_KEPT)
        # The automation's triggers exist, and an automation can only pick an action that was seen once.
        self.definitions = set(defined)
        self.counts: Counter[str] = Counter()
        self._salted: dict[tuple[str, float, int, str], Record] = {}
        self._numbers = itertools.count(1)

    def add(
        self,
        client_id: int,
        action: str,
        moment: float,
        params: dict[str, object],
        *,
        salt: str = "",
        source: str,
    ) -> Record:
        record = Record(next(self._numbers), client_id, action, moment, params, salt, source)
        self.records.append(record)
        self.counts[action] += 1
        return record

    def overwrite(self, key: tuple[str, float, int, str], params: dict[str, object]) -> bool:
        """Whether salt, time, profile and action were seen before: then the earlier event now has these params."""
        earlier = self._salted.get(key)
        if earlier is None:
            return False
        earlier.params = params
        earlier.overwritten += 1
        return True

    def remember(self, key: tuple[str, float, int, str], record: Record) -> None:
        self._salted[key] = record
