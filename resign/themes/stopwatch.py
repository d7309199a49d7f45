"""Stops a template that takes too long while it can still be said where: Python raises between two of its steps.

What cannot be stopped so is ended by the system a moment later.
"""

import signal
from types import FrameType


class TooLate(Exception):
    """A template has had its time."""


class Stopwatch:
    """Of the process's own time. Make it before the process is confined."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._is_on = False
        signal.signal(signal.SIGVTALRM, self._ring)

    def __enter__(self) -> None:
        self._is_on = True
        signal.setitimer(signal.ITIMER_VIRTUAL, self._seconds)

    def __exit__(self, *_: object) -> None:
        self._is_on = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    def _ring(self, _: int, __: FrameType | None) -> None:
        if self._is_on:
            self._is_on = False
            raise TooLate
