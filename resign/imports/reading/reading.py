"""The rows of a file whose shape is known, one after the other."""

from collections.abc import Callable, Iterator
from pathlib import Path

from resign.imports.reading.csv_rows import csv_rows
from resign.imports.reading.json_rows import json_rows
from resign.imports.reading.jsonl_rows import jsonl_rows
from resign.imports.reading.opening import Source
from resign.imports.reading.shape import Reject, Row, Shape
from resign.imports.reading.xlsx_rows import xlsx_rows
from resign.imports.reading.xml_rows import xml_rows

_ROWS: dict[str, Callable[[Source, Shape, int], Iterator[Row | Reject]]] = {
    "csv": csv_rows,
    "json": json_rows,
    "jsonl": jsonl_rows,
    "xml": xml_rows,
}


def read(path: Path, shape: Shape, *, after: int = 0) -> Iterator[Row | Reject]:
    """Every row with a number above `after`, read or refused; empty ones are left out. The numbers are the same each time.

    Raises Unreadable, at the first row or, for what is packed to grow beyond measure, later. Where a file breaks off
    or is broken in the middle, the rows before are given, and a last Reject (`cut-off`, `broken-file`) says so.
    """
    if shape.format == "xlsx":
        yield from xlsx_rows(path, shape, after)
        return
    with Source(path) as source:
        yield from _ROWS[shape.format](source, shape, after)
