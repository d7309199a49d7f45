"""A figure as CSV (RFC 4180), line by line, so that none has to fit into memory; no cell is a formula (E6)."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

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
    at_once: int = 1,
) -> Iterator[str]:
    """The header, then each row, each with its CRLF. Durations are in seconds, times in UTC (ISO 8601).

    Of rows `at_once` may be more than one: so many go into each piece, where nobody waits for the first.
    Columns in `exact`, by number, are for programs: their texts stay as they are, also where they look like formulas.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    if bom:
        buffer.write(BOM)
    left = iter(rows)
    several: Sequence[Sequence[Cell]] = [columns]
    all_exact = len(exact) == len(columns)
    while several:
        writer.writerows(several if all_exact else [_cells(row, exact) for row in several])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        several = list(islice(left, at_once))


def _cells(row: Sequence[Cell], exact: frozenset[int]) -> list[Cell]:
    # A text that begins with a letter or a digit is no formula; most do, and are looked at no further.
    return [
        cell if at in exact or (type(cell) is str and cell[:1].isalnum()) else _cell(cell)
        for at, cell in enumerate(row)
    ]


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return f"'{cell}" if begins_a_formula(cell) else cell
    if cell is None:
        return ""
    if isinstance(cell, timedelta):
        return f"{cell.total_seconds():.3f}"
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, float):
        return f"{cell:.4f}"
    return str(cell)


def begins_a_formula(text: str) -> bool:
    """Whether a spreadsheet would run it."""
    return text.lstrip(" ").startswith(_BEGINS_A_FORMULA)
