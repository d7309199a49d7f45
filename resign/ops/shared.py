"""One look at the database for everybody who asks within some seconds, so that scraping costs next to nothing."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from resign.clock import Clock

Seen = TypeVar("Seen")


@dataclass(slots=True)
class Shared(Generic[Seen]):
    """What was seen last holds for `lasts`. Who comes while somebody looks waits for that look, and fails with it: if each
    looked anew, a database that hangs would hold them all, one after the other. A failed look is kept no longer.
    """

    look: Callable[[], Seen]
    clock: Clock
    lasts: timedelta
    _last: tuple[datetime, Seen] | None = None
    _failures: int = 0
    _failed: Exception | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> Seen:
        failures = self._failures
        with self._turn:
            if self._failed is not None and self._failures > failures:
                raise self._failed
            now = self.clock.now()
            if self._last is None or not timedelta() <= now - self._last[0] < self.lasts:
                self._last = now, self._looked()
            return self._last[1]

    def _looked(self) -> Seen:
        try:
            return self.look()
        except Exception as failed:
            self._failures += 1
            self._failed = failed
            raise
