"""A figure as CSV (RFC 4180), line by line, so that none has to fit into memory; no cell is a formula (E6)."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from resign.reports.figure import Cell

# What makes a spreadsheet take a text for a formula, the full-width signs of East Asian ones included (OWASP,
# "CSV Injection").
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# By it Excel knows UTF-8.
BOM = "\ufeff"


def csv_lines(
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    bom: bool = False,
    exact: frozenset[int] = frozenset(),
) -> Iterator[str]:
    """The header, then each row, each with its CRLF. Durations are in seconds, times in UTC (ISO 8601).

    Columns in `exact`, by number, are for programs: their texts stay as they are, also where they look like formulas.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    if bom:
        buffer.write(BOM)
    for row in _and_then(columns, rows):
        writer.writerow([cell if at in exact else _cell(cell) for at, cell in enumerate(row)])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _and_then(first: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    yield first
    yield from rows


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, timedelta):
        return f"{cell.total_seconds():.3f}"
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, float):
        return f"{cell:.4f}"
    if isinstance(cell, str):
        return f"'{cell}" if begins_a_formula(cell) else cell
    return str(cell)


def begins_a_formula(text: str) -> bool:
    """Whether a spreadsheet would run it."""
    return text.lstrip(" ").startswith(_BEGINS_A_FORMULA)
