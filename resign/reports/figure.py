"""A figure: its table for reading and for CSV, and what a chart of it shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

Cell = str | int | float | date | datetime | timedelta | None

# More than five names beside each other are told apart by nobody.
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Series:
    """One value for each period. Bars: counts. Lines: seconds, None where there is nothing to tell."""

    name: str
    values: Sequence[float | None]

    @property
    def total(self) -> float:
        return sum(value or 0 for value in self.values)


@dataclass(frozen=True, slots=True)
class Chart:
    """`bars` are stacked, of counts; `lines` are of durations in seconds. A period that is no day is a text."""

    kind: Literal["bars", "lines"]
    periods: Sequence[date] | Sequence[str]
    series: Sequence[Series]

    def shortened(self, others: str, most: int = MOST_NAMED) -> "Chart":
        """The largest by name, all that remain as one: what is drawn, and what the table below it says."""
        if len(self.series) <= most + 1:
            return self
        named, rest = self.series[:most], self.series[most:]
        summed = [
            sum(value or 0 for value in values) for values in zip(*(s.values for s in rest), strict=True)
        ]
        return replace(self, series=(*named, Series(others, summed)))

    def rows(self) -> list[tuple[Cell, ...]]:
        """What is drawn, as a table: a period and one value of each series."""
        columns = [series.values for series in self.series]
        return [(period, *values) for period, *values in zip(self.periods, *columns, strict=True)]


@dataclass(frozen=True, slots=True)
class Figure:
    """`columns` and `totals` are names for programs; whoever shows them to people has the words."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    chart: Chart | None = None
    totals: Mapping[str, Cell] = field(default_factory=dict)
