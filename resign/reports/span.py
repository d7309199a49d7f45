"""From which day to which, and in which steps: days, weeks that begin on Monday, or months."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Literal, get_args

Grain = Literal["day", "week", "month"]
GRAINS: tuple[Grain, ...] = get_args(Grain)
_MOST_DAYS = 3_660
# So far from the first and last day that there are, that no sum of days overflows.
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)
_DAY = timedelta(days=1)


Fault = Literal["backwards", "far", "long"]


class BadSpan(ValueError):
    """The days asked for make no span; the message is a sentence for whoever asked, `fault` for who has other words."""

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Span:
    """`first` and `last` are days of the workspace, both included."""

    first: date
    last: date
    grain: Grain = "day"

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadSpan("backwards", "The last day lies before the first.")
        if not EARLIEST <= self.first <= self.last <= LATEST:
            raise BadSpan("far", f"A report is about days from {EARLIEST} to {LATEST}.")
        if (self.last - self.first).days >= _MOST_DAYS:
            raise BadSpan("long", "A report covers ten years at the most.")

    def period_of(self, day: date) -> date:
        """The first day of the period that a day lies in; the first period may begin before the span does."""
        if self.grain == "week":
            return day - _DAY * day.weekday()
        return day.replace(day=1) if self.grain == "month" else day

    def periods(self) -> list[date]:
        """All of them, also those in which nothing happened."""
        return [self.period_of(days[0]) for days in self.days()]

    def days(self) -> list[list[date]]:
        """The span's days, period by period."""
        every = (self.first + _DAY * number for number in range((self.last - self.first).days + 1))
        return [list(days) for _, days in groupby(every, self.period_of)]
