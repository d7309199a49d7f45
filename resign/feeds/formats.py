"""How a file is written down: CSV and JSON lines as exports have them, XML, and one JSON array."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from resign.exports.formats import written
from resign.reports.csv_lines import csv_lines
from resign.reports.figure import Cell
from resign.settings.destinations.file_to import FileFormat

MEDIA: dict[FileFormat, str] = {
    "csv": "text/csv; charset=utf-8; header=present",
    "jsonl": "application/jsonl; charset=utf-8",
    "json": "application/json",
    "xml": "application/xml",
}
# XML 1.0 has no way to write them (section 2.2). No identifier that was accepted has one that matters.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_AT_ONCE = 500
_Rows = Iterable[Sequence[Cell]]


def lines(names: Sequence[str], rows: _Rows, form: FileFormat, exact: frozenset[int]) -> Iterator[str]:
    """The whole file, piece by piece. In `exact` columns of CSV a formula's sign is left as it is."""
    if form == "csv":
        return csv_lines(names, rows, exact=exact, at_once=_AT_ONCE)
    if form == "jsonl":
        return written(names, rows, "jsonl")
    return _json(names, rows) if form == "json" else _xml(names, rows)


def _json(names: Sequence[str], rows: _Rows) -> Iterator[str]:
    before = "[\n"
    for row in rows:
        yield before + json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _xml(names: Sequence[str], rows: _Rows) -> Iterator[str]:
    """An empty cell is an empty element."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<profiles>\n'
    for row in rows:
        cells = "".join(
            f"<{name}>{_NOT_IN_XML.sub('', escape(str(cell)))}</{name}>" if cell is not None else f"<{name}/>"
            for name, cell in zip(names, row, strict=True)
        )
        yield f"<profile>{cells}</profile>\n"
    yield "</profiles>\n"
