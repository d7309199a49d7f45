"""The height of a value in a chart, and where its lines are drawn."""

from collections.abc import Sequence
from math import ceil, floor, log10

from resign.reports.words import TIMES, in_words, shortened

TOP, BOTTOM = 12, 250


class Scale:
    """From a value to its height: counts from zero, durations by powers, or one long outage would flatten all days."""

    def __init__(self, kind: str, values: Sequence[float]) -> None:
        self.is_time = kind == "lines"
        most = max(values, default=0)
        if self.is_time:
            least = min((value for value in values if value > 0), default=1)
            low = max((time for time in TIMES if time <= least), default=TIMES[0])
            high = min(
                (time for time in TIMES if time >= max(most, low * 10)),
                default=10 ** ceil(log10(max(most, 1))),
            )
            self.ticks: list[float] = [time for time in TIMES if low <= time <= high]
            self._low, self._high = log10(low), log10(max(high, low * 10))
        else:
            step = 10 ** floor(log10(max(most, 1) / 4)) if most > 4 else 1  # noqa: PLR2004 - four lines or five
            step = next(nice * step for nice in (1, 2, 5, 10) if nice * step * 5 >= most)
            self.ticks = [step * number for number in range(max(1, ceil(most / step)) + 1)]
            self._low, self._high = 0, self.ticks[-1]

    def y(self, value: float) -> float:
        place = log10(max(value, 10**self._low)) if self.is_time else value
        return round(BOTTOM - (BOTTOM - TOP) * (place - self._low) / (self._high - self._low), 2)

    def said(self, value: float) -> str:
        return in_words(value) if self.is_time else shortened(value)
