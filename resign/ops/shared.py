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
    """What was seen last holds for `lasts`. Who comes while somebody looks waits for that look; a failed one is not kept."""

    look: Callable[[], Seen]
    clock: Clock
    lasts: timedelta
    _last: tuple[datetime, Seen] | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> Seen:
        with self._turn:
            now = self.clock.now()
            if self._last is None or not timedelta() <= now - self._last[0] < self.lasts:
                self._last = now, self.look()
            return self._last[1]
