"""The rows of a sheet, as the values that it shows; formulas are not worked out, what they last came to is read."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from resign.imports.reading.columns import is_header
from resign.imports.reading.json_values import NO_TEXT
from resign.imports.reading.shape import LONGEST_ROW, MOST_COLUMNS, Reject, Row, Shape, Unreadable
from resign.imports.reading.xlsx_parts import check
from resign.imports.reading.xlsx_sheet import cells_of

_AT_ONCE = 500
# A header that begins further down is none.
_LOOKED_THROUGH = 1_000
_BROKEN = "The file is no workbook, or is broken or encrypted."
NO_SHEET = "The workbook has no sheet of that name."


def xlsx_rows(path: Path, shape: Shape, after: int) -> Iterator[Row | Reject]:
    reached = 0
    with _workbook(path) as book:
        width = len(shape.columns)
        cells = sheet_rows(book, shape.sheet, width)
        while True:
            try:
                rows = _some(cells)
            # openpyxl raises whatever it stumbles over in a file that a stranger made.
            except Exception:  # noqa: BLE001
                yield Reject(reached + 1, "broken-file")
                return
            if not rows:
                return
            for number, row in rows:
                reached = number
                if not any(row) or number <= after or (number == 1 and is_header(row, shape.columns)):
                    continue
                yield _row(number, row, shape.columns)


def sheets(path: Path) -> dict[str, tuple[list[str], ...]]:
    """The sheets that are not hidden, with the first row of each; none where it is empty."""
    with _workbook(path) as book:
        visible = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
        try:
            return {
                title: tuple(islice((row for row in _first_rows(book, title) if any(row)), 1))
                for title in visible
            }
        except Exception:  # noqa: BLE001 - as above
            raise Unreadable(_BROKEN) from None


def sheet_names(path: Path) -> list[str]:
    """Of the sheets that are not hidden."""
    with _workbook(path) as book:
        return [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]


def _first_rows(book: Workbook, title: str) -> Iterator[list[str]]:
    return (row for _, row in islice(sheet_rows(book, title, MOST_COLUMNS + 1), _LOOKED_THROUGH))


def sheet_rows(book: Workbook, title: str, width: int) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number; those that the sheet leaves out are left out."""
    if title not in book.sheetnames:
        raise Unreadable(NO_SHEET)
    return ((number, [_text(cell) for cell in row]) for number, row in cells_of(book, book[title], width))


@contextmanager
def _workbook(path: Path) -> Iterator[Workbook]:
    check(path)
    try:
        with warnings.catch_warnings():
            # It warns of styles and rules that it does not know; they are nothing to us.
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception:  # noqa: BLE001 - as above
        raise Unreadable(_BROKEN) from None
    try:
        yield book
    finally:
        book.close()


def _some(rows: Iterator[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(islice(rows, _AT_ONCE))


def _row(number: int, row: list[str], columns: tuple[str, ...]) -> Row | Reject:
    if sum(map(len, row)) > LONGEST_ROW:
        return Reject(number, "too-long")
    if any(not text.isascii() and NO_TEXT.search(text) for text in row):
        return Reject(number, "not-text")
    return Row(number, dict(zip(columns, [*row, *[""] * (len(columns) - len(row))], strict=False)))


def _text(cell: object) -> str:
    """Dates as ISO 8601 says them, whole numbers without a decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell)
