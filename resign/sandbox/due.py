"""Writes that were accepted and have yet to happen: 202 means queued."""

import heapq
import itertools
from collections.abc import Callable


class DueQueue:
    """Applied lazily, by whoever looks next, so that waiting costs no thread and the moment is exact.

    Not locked by itself: the world's lock is held around every call.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, due: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._heap, (due, next(self._order), act))

    def settle(self, now: float) -> None:
        """Does everything whose time has come, in order of time and then of arrival."""
        heap = self._heap
        while heap and heap[0][0] <= now:
            heapq.heappop(heap)[2]()

    def next_due(self) -> float | None:
        return self._heap[0][0] if self._heap else None
