"""What the API was asked: a ring of the newest requests, and counters by route that are never truncated."""

import threading
from collections import Counter, deque
from dataclasses import dataclass

from resign.sandbox.calls import stamp_of

_KEPT = 2_000
_BODY_SHOWN = 500


@dataclass(slots=True)
class Request:
    number: int
    time: float
    method: str
    path: str
    route: str
    status: int
    seconds: float
    body: bytes
    fault: str

    def as_json(self) -> dict[str, object]:
        return {
            "id": self.number,
            "time": stamp_of(self.time),
            "method": self.method,
            "path": self.path,
            "route": self.route,
            "status": self.status,
            "milliseconds": round(self.seconds * 1000, 3),
            "body": self.body.decode(errors="replace"),
            "fault": self.fault,
        }


class RequestLog:
    """It has its own lock, so that a waiting request never holds up the profiles."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        with self._lock:
            self._ring: deque[Request] = deque(maxlen=_KEPT)
            self._counts: Counter[tuple[str, int]] = Counter()
            self._total = 0

    def add(  # noqa: PLR0913 - one row, written in one place
        self,
        *,
        time: float,
        method: str,
        path: str,
        route: str,
        status: int,
        seconds: float,
        body: bytes,
        fault: str,
    ) -> None:
        """Status 0 stands for a connection that was dropped without an answer."""
        with self._lock:
            self._total += 1
            self._counts[route, status] += 1
            self._ring.append(
                Request(self._total, time, method, path, route, status, seconds, body[:_BODY_SHOWN], fault)
            )

    def newest(self, limit: int) -> list[Request]:
        with self._lock:
            rows = list(self._ring)
        return rows[::-1][:limit]

    def counts(self) -> dict[str, dict[str, int]]:
        """For each route how often each status was answered."""
        with self._lock:
            counted = sorted(self._counts.items())
        table: dict[str, dict[str, int]] = {}
        for (route, status), number in counted:
            table.setdefault(route, {})[str(status)] = number
        return table

    def total(self) -> int:
        return self._total
