"""A figure as its page shows it: a few sums, a chart for a desk and one for a phone, and the table under them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from resign.console.reports import worded
from resign.console.spoken import mark, say
from resign.reports.chart import NARROW, WIDE, Spoken, svg
from resign.reports.figure import Cell, Chart, Figure
from resign.reports.span import Span

# Of more names nobody reads the list; all of them are in the CSV.
_MOST_NAMES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`rows` begin with what they are about."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One name's sum over the whole time; `code` as the ledger has it."""

    code: str
    name: str
    count: str
    share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """`wide` and `narrow` are SVG. `names` are empty where the figure is not by anything; `more` of them are left out.

    `counts` is the column's name of what is counted of them.
    """

    sums: Sequence[tuple[str, str]]
    wide: str
    narrow: str
    table: Table
    names: Sequence[Named]
    counts: str
    more: int
    is_empty: bool
    is_single: bool


def shown(figure: Figure, workspace: str, span: Span, title: str, by: str = "") -> Shown:
    chart = figure.chart or Chart("bars", [], [])
    sums = [
        (worded.column(name), worded.cell(value) or worded.NOTHING) for name, value in figure.totals.items()
    ]
    words = worded.named(workspace, by)
    others = say(worded.OTHERS)
    drawn = chart.shortened(others)
    spoken = Spoken(
        title=title,
        description=", ".join(f"{name}: {value}" for name, value in sums),
        nothing=say(mark("Nothing in this time.")),
        others=others,
        unknown=say(worded.UNKNOWN),
        names=tuple((each.name, words(each.name)) for each in drawn.series if each.name != others),
        period=worded.labels(span),
    )
    return Shown(
        sums=sums,
        wide=svg(chart, spoken, key="wide", standalone=False, shape=WIDE),
        narrow=svg(chart, spoken, key="narrow", standalone=False, shape=NARROW),
        table=_by_name(drawn, span, dict(spoken.names)) if by else _as_it_is(figure, span),
        names=_names(chart, dict(spoken.names), words) if by else (),
        counts=figure.columns[-1],
        more=max(0, len(chart.series) - _MOST_NAMES) if by else 0,
        is_empty=not any(value for series in chart.series for value in series.values),
        is_single=len(chart.periods) == 1,
    )


def _as_it_is(figure: Figure, span: Span) -> Table:
    return Table(
        columns=[worded.column(name, span.grain) for name in figure.columns],
        rows=[[worded.cell(value, span.grain) for value in row] for row in figure.rows],
    )


def _by_name(drawn: Chart, span: Span, words: dict[str, str]) -> Table:
    """What is drawn, in numbers: a column for each name, and one for all."""
    names = [words.get(series.name, series.name) for series in drawn.series]
    rows: list[list[Cell]] = [
        [period, *values, sum(map(_number, values))] for period, *values in drawn.rows()
    ]
    return Table(
        columns=[worded.column("period", span.grain), *names, say(mark("All"))],
        rows=[[worded.cell(value, span.grain) for value in row] for row in rows],
    )


def _names(chart: Chart, known: dict[str, str], words: Callable[[str], str]) -> list[Named]:
    total = sum(series.total for series in chart.series)
    return [
        Named(
            code=series.name,
            name=known.get(series.name) or words(series.name),
            count=worded.cell(int(series.total)),
            share=worded.cell(float(series.total / total)) if total else "",
        )
        for series in chart.series[:_MOST_NAMES]
    ]


def _number(value: Cell) -> int:
    return value if isinstance(value, int) else 0
