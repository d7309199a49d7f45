"""What a file is: its format, encoding, delimiter and columns, from its beginning."""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from itertools import islice
from pathlib import Path

from resign.imports.reading.budget import Budget
from resign.imports.reading.columns import columns_of
from resign.imports.reading.csv_rows import DELIMITERS, Records
from resign.imports.reading.encodings import encoding_of, known
from resign.imports.reading.json_rows import BREAKS, array_in, items
from resign.imports.reading.json_values import names_of
from resign.imports.reading.jsonl_rows import parsed
from resign.imports.reading.lines import Lines
from resign.imports.reading.opening import GZIP, Source, beginning
from resign.imports.reading.shape import (
    FORMATS,
    LONGEST_NAME,
    LONGEST_ROW,
    MOST_COLUMNS,
    Format,
    Shape,
    Unreadable,
)
from resign.imports.reading.xlsx_rows import NO_SHEET, sheets
from resign.imports.reading.xml_rows import record_in

_SAMPLE_ROWS = 100
_ZIP = b"PK\x03\x04"
_NOT_READ = {
    b"\xd0\xcf\x11\xe0": "The file is of an old Excel, or encrypted; save it as .xlsx or CSV.",
    b"%PDF": "The file is a PDF, not a table.",
    GZIP: "The file is packed twice.",
}
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding=["']([A-Za-z0-9._-]{1,40})["']""")


def recognise(
    path: Path,
    *,
    format: str | None = None,  # noqa: A002 - the word for it
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> Shape:
    """What is given is not found out. Raises Unreadable where nothing can be read of the file that way."""
    first = beginning(path, LONGEST_ROW)
    _refuse_what_is_no_table(first)
    chosen = _chosen(format)
    if chosen == "xlsx" or (chosen is None and first.startswith(_ZIP)):
        return _xlsx(path, sheet)
    declared = _DECLARED.search(first)
    if encoding:
        encoding = known(encoding)
    elif declared and chosen in {None, "xml"}:
        encoding = known(declared[1].decode().lower())
    else:
        encoding = encoding_of(path)
    text = first.decode(encoding, errors="replace").lstrip("\ufeff")
    match chosen or _format(text):
        case "xml":
            return _xml(path, encoding)
        case "json":
            return _json(path, encoding)
        case "jsonl":
            return _jsonl(path, encoding)
        case _:
            return _csv(path, encoding, text, delimiter)


def _chosen(named: str | None) -> Format | None:
    if not named:
        return None
    for each in FORMATS:
        if each == named:
            return each
    raise Unreadable("Files of that format are not read.")


def _refuse_what_is_no_table(first: bytes) -> None:
    if not first.strip():
        raise Unreadable("The file is empty.")
    for mark, sentence in _NOT_READ.items():
        if first.startswith(mark):
            raise Unreadable(sentence)


def _format(text: str) -> Format:
    lines = [line for line in text.splitlines() if line.strip()][:2]
    begins = [line.lstrip()[0] for line in lines]
    if begins[:1] == ["<"]:
        return "xml"
    if begins[:1] == ["["]:
        return "json"
    if begins[:1] != ["{"]:
        return "csv"
    alone = parsed(lines[0])
    if len(begins) > 1:
        return "jsonl" if isinstance(alone, dict) or isinstance(parsed(lines[1]), dict) else "json"
    is_a_row = isinstance(alone, dict) and not any(isinstance(value, list | dict) for value in alone.values())
    return "jsonl" if is_a_row else "json"


def _csv(path: Path, encoding: str, text: str, delimiter: str | None) -> Shape:
    if delimiter is not None and not _can_delimit(delimiter):
        raise Unreadable("A delimiter is one character, and no quote or line end.")
    found = delimiter or _delimiter(text)
    with Source(path) as source, Lines(source, encoding) as lines:
        for _, values, fault in islice(Records(lines, found), _SAMPLE_ROWS):
            if fault == "too-long":
                raise Unreadable(f"The first row has more than {LONGEST_ROW} characters.")
            if values and not fault:
                return Shape("csv", encoding, found, columns_of(values))
    raise Unreadable("The file holds no rows that can be read.")


def _can_delimit(sign: str) -> bool:
    return len(sign) == 1 and sign.isascii() and (sign == "\t" or sign.isprintable()) and sign != '"'


def _delimiter(text: str) -> str:
    """The one that splits most rows into the same number of values; of two alike the one that splits them into more."""
    if (said := re.match(r"sep=(.)\r?\n", text)) and _can_delimit(said[1]):
        return said[1]
    # Its last line may have been cut where the sample ends.
    lines = text.splitlines(keepends=True)[: _SAMPLE_ROWS + 1]
    lines = lines[:-1] if len(lines) > 1 else lines
    scores = {}
    for delimiter in DELIMITERS:
        widths = _widths(lines, delimiter)
        width, times = widths.most_common(1)[0] if widths else (1, 0)
        scores[delimiter] = (times / widths.total(), width) if width > 1 else (0.0, 0)
    return max(DELIMITERS, key=lambda delimiter: scores[delimiter])


def _widths(lines: Iterable[str], delimiter: str) -> Counter[int]:
    widths: Counter[int] = Counter()
    with suppress(csv.Error):
        widths.update(len(values) for values in csv.reader(lines, delimiter=delimiter) if values)
    return widths


def _jsonl(path: Path, encoding: str) -> Shape:
    found = []
    with Source(path) as source, Lines(source, encoding) as lines:
        for _ in range(_SAMPLE_ROWS):
            if not (line := lines.next_line()):
                break
            found.append(parsed(line))
    return Shape("jsonl", encoding, "", _named(names_of(found)))


def _json(path: Path, encoding: str) -> Shape:
    with Source(path) as source, Budget(source, decode=encoding) as budget:
        record = array_in(budget)
    if len(record) > LONGEST_NAME or not record.isprintable():
        raise Unreadable("The file's list of objects lies too deep in it, or has a name that is none.")
    found = []
    # What came before a fault is enough.
    with (
        Source(path) as source,
        Budget(source, decode=encoding) as budget,
        suppress(*BREAKS),
    ):
        for each in islice(items(budget, record), _SAMPLE_ROWS):
            found.append(each)
            budget.new_row()
    return Shape("json", encoding, "", _named(names_of(found)), record=record)


def _xml(path: Path, encoding: str) -> Shape:
    with Source(path) as source, Budget(source) as budget:
        record, names = record_in(budget, encoding)
    return Shape("xml", encoding, "", _named(names), record=record)


def _xlsx(path: Path, named: str | None) -> Shape:
    found = sheets(path)
    if named is not None and named not in found:
        raise Unreadable(NO_SHEET)
    for title in found if named is None else (named,):
        for row in found[title]:
            while row and not row[-1]:
                row.pop()
            return Shape("xlsx", "", "", columns_of(row), sheet=title)
    if named is not None:
        raise Unreadable("That sheet holds no row.")
    raise Unreadable("No sheet of the workbook that is not hidden holds a row.")


def _named(names: list[str]) -> tuple[str, ...]:
    """The names of values, which are looked up by them and so stay as they are."""
    if not names:
        raise Unreadable("The file holds no rows that can be read.")
    if len(names) > MOST_COLUMNS or any(len(name) > LONGEST_NAME or not name.isprintable() for name in names):
        raise Unreadable(f"The file has more than {MOST_COLUMNS} columns, or names that are none.")
    return tuple(names)
