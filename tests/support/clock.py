"""A clock that moves only when a test says so."""

from datetime import UTC, datetime, timedelta


class StandingClock:
    def __init__(self) -> None:
        self._now = datetime(2026, 5, 4, 10, 11, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, **by: float) -> None:
        self._now += timedelta(**by)
