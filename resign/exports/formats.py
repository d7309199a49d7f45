"""How an export is written down: CSV, CSV as Excel knows it, or a JSON object on each line."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Literal, get_args

from resign.reports.csv_lines import csv_lines
from resign.reports.figure import Cell

Format = Literal["csv", "excel", "jsonl"]
FORMATS: tuple[Format, ...] = get_args(Format)
ENDINGS: dict[Format, str] = {"csv": "csv", "excel": "csv", "jsonl": "jsonl"}
MEDIA: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8; header=present",
    "excel": "text/csv; charset=utf-8; header=present",
    "jsonl": "application/jsonl; charset=utf-8",
}
# JSON allows them within a text as they are; many programs end a line at them.
_LINE_ENDS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "\x85\u2028\u2029"}


def format_of(typed: Mapping[str, str]) -> Format:
    """CSV, where a form names none that there is."""
    form = typed.get("format", "")
    return form if form in FORMATS else "csv"


def written(
    columns: Sequence[str], rows: Iterable[Sequence[Cell]], form: Format, *, begins: bool = True
) -> Iterator[str]:
    """Line by line. What `begins` a file of CSV has the names of the columns above it; JSONL has them in each line."""
    if form == "jsonl":
        return (_as_json(columns, row) for row in rows)
    return islice(csv_lines(columns, rows, bom=begins and form == "excel"), 0 if begins else 1, None)


def _as_json(columns: Sequence[str], row: Sequence[Cell]) -> str:
    named = dict(zip(columns, row, strict=True))
    return f"{json.dumps(named, ensure_ascii=False, default=_plain).translate(_LINE_ENDS)}\n"


def _plain(cell: date | timedelta) -> float | str:
    return cell.total_seconds() if isinstance(cell, timedelta) else cell.isoformat()
