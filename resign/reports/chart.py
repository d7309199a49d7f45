"""Draws a chart as SVG: bars stacked over time, or percentiles of durations. No script, no font, no address in it.

Our own, because no library fits. pygal 3.1 writes a script into every chart (its issue 424) and 880 kB for a year of
six series, where this takes 130; leather 0.4 and pysvgchart 0.8 call themselves alpha and do not stack; matplotlib
is an engine for 15 MB. Elements are made by the standard library's ElementTree, which escapes whatever a campaign is
called. Colours are classes: `STYLE` gives them for light and dark, and a page may give its own.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil
from xml.etree import ElementTree as ET

from resign.reports.figure import Chart
from resign.reports.scale import BOTTOM, TOP, Scale
from resign.reports.words import in_words, shortened

_LEGEND_FROM, _LEGEND_LINE = 290, 20
_HALF_A_DAY = 38  # half of what a day is wide, written out
_LEAST_POINTED_AT = 1.0  # nobody rests a pointer on less
# Not in XML 1.0, not even escaped.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Six hues that differ in lightness too, so that they can be told apart without seeing colours (Okabe and Ito, 2008,
# darkened for light paper and lightened for dark: each at least 3:1 on its paper).
STYLE = """
.chart{background:#fff;color:#1a1e1c;font:12px system-ui,sans-serif}
.chart text{fill:currentColor}.chart .grid{stroke:#dedfd7}.chart .axis{stroke:#79827c}.chart .over{fill:transparent}
.chart .over:hover{fill:#79827c33}.chart .line{fill:none;stroke-width:2}
.chart .s0{fill:#0b6b8a;stroke:#0b6b8a}.chart .s1{fill:#c25a00;stroke:#c25a00}.chart .s2{fill:#067a5b;stroke:#067a5b}
.chart .s3{fill:#a04d7c;stroke:#a04d7c}.chart .s4{fill:#8a7400;stroke:#8a7400}.chart .s5{fill:#6b7178;stroke:#6b7178}
.chart .bar{stroke:none}.chart .line{fill:none}
@media(prefers-color-scheme:dark){.chart{background:#131715;color:#f0f2ee}.chart .grid{stroke:#2c332f}
.chart .s0{fill:#56b4e9;stroke:#56b4e9}.chart .s1{fill:#f0964b;stroke:#f0964b}.chart .s2{fill:#2fc79a;stroke:#2fc79a}
.chart .s3{fill:#dc96bf;stroke:#dc96bf}.chart .s4{fill:#e8d44d;stroke:#e8d44d}.chart .s5{fill:#9aa39d;stroke:#9aa39d}
.chart .bar{stroke:none}.chart .line{fill:none}}
""".replace("\n", "")


@dataclass(frozen=True, slots=True)
class Shape:
    """How wide it is, where its days begin, how many of them are named, in how many columns the names stand.

    `pointed_at`: whether a pointer that rests on a day is told of it; on a phone there is none.
    """

    width: int
    left: int
    labels: int
    columns: int
    pointed_at: bool = True

    @property
    def right(self) -> int:
        return self.width - 12

    def height(self, names: int) -> int:
        lines = max(1, ceil(names / self.columns))
        return _LEGEND_FROM + _LEGEND_LINE * lines + 10


WIDE = Shape(width=720, left=64, labels=7, columns=3)
# As wide as a phone, so that its letters are as large there as those around it.
NARROW = Shape(width=320, left=46, labels=3, columns=1, pointed_at=False)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the chart says in words. `names` are the series', where they have better ones than their own."""

    title: str
    description: str
    nothing: str = "Nothing in this time."
    others: str = "all others"
    unknown: str = "not known"
    names: tuple[tuple[str, str], ...] = ()
    # A period's own words: `4 May`, or `May 2026`.
    period: Callable[[date | str], str] = str


def svg(
    chart: Chart, spoken: Spoken, *, key: str = "chart", standalone: bool = True, shape: Shape = WIDE
) -> str:
    """`key` tells this chart's ids from another's on one page. A page with `STYLE` of its own wants it not `standalone`."""
    chart = chart.shortened(spoken.others)
    height = shape.height(len(chart.series))
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {shape.width} {height}", "class": "chart", "role": "img",
            "aria-labelledby": f"{key}-title {key}-description", "direction": "ltr",
        },
    )  # fmt: skip
    if standalone:
        root.set("width", str(shape.width))
        root.set("height", str(height))
    _add(root, "title", spoken.title, id=f"{key}-title")
    _add(root, "desc", spoken.description, id=f"{key}-description")
    if standalone:
        _add(root, "style", STYLE)
    names = [dict(spoken.names).get(each.name, each.name) or spoken.unknown for each in chart.series]
    tops = _stacked_tops(chart) if chart.kind == "bars" else _all(chart)
    scale = Scale(chart.kind, tops)
    for value in scale.ticks:
        y = scale.y(value)
        _add(root, "line", x1=shape.left, x2=shape.right, y1=y, y2=y, **{"class": "grid"})
        _add(root, "text", scale.said(value), x=shape.left - 8, y=y + 4, **{"text-anchor": "end"})
    _days(root, chart.periods, spoken, shape)
    if any(tops):
        (_bars if chart.kind == "bars" else _lines)(root, chart, scale, shape)
        _over(root, chart, names, spoken, shape)
        _legend(root, names, shape)
    else:
        middle = {"x": (shape.left + shape.right) / 2, "y": (TOP + BOTTOM) / 2, "text-anchor": "middle"}
        _add(root, "text", spoken.nothing, **middle)
    _add(root, "line", x1=shape.left, x2=shape.right, y1=BOTTOM, y2=BOTTOM, **{"class": "axis"})
    return ET.tostring(root, encoding="unicode")


def _stacked_tops(chart: Chart) -> list[float]:
    return [
        sum(value or 0 for value in values) for values in zip(*(s.values for s in chart.series), strict=True)
    ]


def _all(chart: Chart) -> list[float]:
    return [value for series in chart.series for value in series.values if value is not None]


def _column(chart: Chart, shape: Shape) -> float:
    return (shape.right - shape.left) / max(1, len(chart.periods))


def _bars(root: ET.Element, chart: Chart, scale: Scale, shape: Shape) -> None:
    wide = _column(chart, shape)
    bar = min(wide * 0.8 if wide > 4 else wide, 48)  # noqa: PLR2004 - thinner ones would be mostly gap
    below = [0.0] * len(chart.periods)
    for number, series in enumerate(chart.series):
        path = []
        for position, value in enumerate(series.values):
            if value:
                top, bottom = scale.y(below[position] + value), scale.y(below[position])
                below[position] += value
                left = shape.left + wide * position + (wide - bar) / 2
                path.append(f"M{left:.1f} {bottom}V{top}h{bar:.1f}V{bottom}z")
        _add(root, "path", d="".join(path), **{"class": f"bar s{number}"})


def _lines(root: ET.Element, chart: Chart, scale: Scale, shape: Shape) -> None:
    """A day about which nothing is known interrupts the line; a day alone is a dash."""
    wide = _column(chart, shape)
    for number, series in enumerate(chart.series):
        path, goes_on = [], False
        values = [*series.values, None]
        for position, (value, following) in enumerate(pairwise(values)):
            if value is None:
                goes_on = False
                continue
            x, y = shape.left + wide * (position + 0.5), scale.y(value)
            if not goes_on and following is None:
                path.append(f"M{x - 8:.1f} {y}h16")
            path.append(f"{'L' if goes_on else 'M'}{x:.1f} {y}")
            goes_on = True
        _add(root, "path", d="".join(path), **{"class": f"line s{number}"})


def _over(root: ET.Element, chart: Chart, names: Sequence[str], spoken: Spoken, shape: Shape) -> None:
    """What a pointer that rests on a day is told; the table below says it to everybody else."""
    wide = _column(chart, shape)
    if not shape.pointed_at or wide < _LEAST_POINTED_AT:
        return
    for position, (_, *values) in enumerate(chart.rows()):
        said = [
            f"{name}: {in_words(value) if chart.kind == 'lines' else f'{value:,.0f}'}"
            for name, value in zip(names, values, strict=True)
            if isinstance(value, int | float) and value
        ]
        x = round(shape.left + wide * position, 1)
        over = _add(root, "rect", x=x, y=TOP, width=round(wide, 2), height=BOTTOM - TOP, **{"class": "over"})
        _add(over, "title", "\n".join([spoken.period(chart.periods[position]), *said]))


def _days(root: ET.Element, periods: Sequence[date | str], spoken: Spoken, shape: Shape) -> None:
    every = max(1, ceil(len(periods) / shape.labels))
    wide = (shape.right - shape.left) / max(1, len(periods))
    for position in range(0, len(periods), every):
        x = round(shape.left + wide * (position + 0.5), 1)
        _add(root, "line", x1=x, x2=x, y1=BOTTOM, y2=BOTTOM + 4, **{"class": "axis"})
        inside = min(x, shape.width - _HALF_A_DAY)
        _add(
            root,
            "text",
            spoken.period(periods[position]),
            x=inside,
            y=BOTTOM + 20,
            **{"text-anchor": "middle"},
        )


def _legend(root: ET.Element, names: Sequence[str], shape: Shape) -> None:
    column = (shape.width - shape.left - 8) // shape.columns
    for number, name in enumerate(names):
        x = shape.left + column * (number % shape.columns)
        y = _LEGEND_FROM + _LEGEND_LINE * (number // shape.columns)
        _add(root, "rect", x=x, y=y - 9, width=10, height=10, **{"class": f"bar s{number}"})
        # `plaintext`: a name in Arabic among Latin ones is read from its own side.
        label = _add(root, "text", shortened(name), x=x + 16, y=y, **{"unicode-bidi": "plaintext"})
        _add(label, "title", name)


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: object) -> ET.Element:
    element = ET.SubElement(parent, tag, {name: str(value) for name, value in attributes.items()})
    element.text = None if text is None else _NO_XML.sub("\ufffd", text)
    return element
