"""How far a push has come, how fast it goes, and how long it will take yet; for a log, a line a minute."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from resign.clock import Clock

_EVERY = timedelta(minutes=1)


class Pace:
    """Rows a second, and the time left by the share of the file's bytes that is done. Both from this run alone."""

    def __init__(self, clock: Clock, size: int | None, begun_at: int = 0) -> None:
        """`size` in bytes, None where nobody knows; `begun_at` is the offset where this run began."""
        self._clock = clock
        self._size = size
        self._first = self.position = begun_at
        self._began = clock.now()
        self.rows = 0

    def advance(self, rows: int, position: int) -> None:
        self.rows += rows
        self.position = position

    @property
    def now(self) -> datetime:
        return self._clock.now()

    @property
    def per_second(self) -> float:
        seconds = (self.now - self._began).total_seconds()
        return self.rows / seconds if seconds > 0 else 0.0

    @property
    def left(self) -> timedelta | None:
        done = self.position - self._first
        if self._size is None or done <= 0:
            return None
        return (self.now - self._began) * ((self._size - self.position) / done)


class Sparing:
    """Says of the same trouble, which sixteen threads may meet at once, no more than once a minute."""

    def __init__(self, pace: Pace, write: Callable[[str], None]) -> None:
        self._pace = pace
        self._write = write
        self._due = pace.now
        self._turn = threading.Lock()

    def say(self, text: str) -> None:
        with self._turn:
            if self._pace.now < self._due:
                return
            self._due = self._pace.now + _EVERY
        self._write(text)


class Minutes:
    """Where nobody watches: one line a minute."""

    def __init__(self, pace: Pace, write: Callable[[str], None]) -> None:
        self._pace = pace
        self._write = write
        self._due = pace.now + _EVERY

    def advance(self, rows: int, position: int) -> None:
        self._pace.advance(rows, position)
        if self._pace.now >= self._due:
            self._due = self._pace.now + _EVERY
            self._write(said(self._pace))


def said(pace: Pace) -> str:
    left = pace.left
    in_words = f", {_in_words(left)} left" if left is not None else ""
    return f"{pace.rows:,} rows, {pace.per_second:,.0f} a second{in_words}"


def _in_words(left: timedelta) -> str:
    minutes = round(left.total_seconds() / 60)
    if minutes < 1:
        return "less than a minute"
    hours, minutes = divmod(minutes, 60)
    return f"about {hours} h {minutes} min" if hours else f"about {minutes} min"
