"""How many may wait for a body at once: a stream that trickles must close neither the pages nor another key's way in."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from resign.api.problems import Refused

_PATIENCE_SECONDS = 1.0


class Readers:
    """`most` threads together, and half of them for one key."""

    def __init__(self, most: int) -> None:
        self._most, self._each = most, max(1, most // 2)
        self._held: Counter[int] = Counter()
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, api_key: int) -> Iterator[None]:
        """Raises Refused where there is no room within a second."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._has_room(api_key), _PATIENCE_SECONDS):
                raise Refused("unavailable")
            self._held[api_key] += 1
        try:
            yield
        finally:
            with self._changed:
                self._held[api_key] -= 1
                self._changed.notify_all()

    def _has_room(self, api_key: int) -> bool:
        return self._held[api_key] < self._each and self._held.total() < self._most
