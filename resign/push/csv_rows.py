"""The rows of a CSV, found again after every row that is broken, with nothing swallowed on the way."""

import csv
from collections import deque
from collections.abc import Iterator, Sequence

from resign.profile import Kind
from resign.push.columns import BadColumns, Columns
from resign.push.lines import LONGEST, CannotRead, Line, Lines
from resign.push.rejects import HEADER, plain
from resign.push.rows import Row

_SEPARATORS = ",;\t"
_OPEN_QUOTE = "the row does not end: a quote is opened and not closed, or closed in the middle of a cell"
_UNREADABLE = "the row is not CSV: a quote or a line end stands where none may"


class CsvRows:
    """A row may go over several lines where a quoted cell has line ends in it.

    A quote that is never closed would swallow every row behind it. Then only its first line is refused, and
    the lines that were read in vain are read once more, each as the beginning of a row.
    """

    def __init__(self, lines: Lines, columns: Columns) -> None:
        """Reads the header; raises CannotRead where it does not say which column names a profile."""
        self._feed = _Feed(lines)
        header = self._feed.first()
        self._separator, headings = _header(header, columns)
        self._kinds = columns.kinds(headings)
        self._named = [(place, kind) for place, kind in enumerate(self._kinds) if kind is not None]
        # What we wrote ourselves with a quote before a formula is read without it, so that a mended file
        # of rejects can be pushed as it is.
        self._ours = tuple(headings) == HEADER
        self._reader = csv.reader(self._feed, delimiter=self._separator, strict=True)
        self.end, self.last_line = header.end, header.number

    def next(self) -> Row | None:
        while True:
            self._feed.new_row()
            try:
                cells = next(self._reader, None)
            except (csv.Error, _Broken):
                return self._give_up()
            if cells is None:
                return None
            first, last = self._feed.taken[0], self._feed.taken[-1]
            self.end, self.last_line = last.end, last.number
            if cells:
                return self._row(first.number, cells, self._feed.fault)

    def go_to(self, end: int, last_line: int) -> None:
        self._feed.go_to(end, last_line)
        self.end, self.last_line = end, last_line

    def _give_up(self) -> Row:
        went_on = len(self._feed.taken) > 1
        first = self._feed.keep_first()
        self.end, self.last_line = first.end, first.number
        return Row(first.number, {}, first.fault or (_OPEN_QUOTE if went_on else _UNREADABLE))

    def _row(self, line: int, cells: Sequence[str], fault: str | None) -> Row:
        if fault is None and len(cells) != len(self._kinds):
            fault = f"the row has {len(cells)} cells, the header {len(self._kinds)}"
        given: dict[Kind, str] = {}
        for place, kind in self._named:
            if place < len(cells) and (text := cells[place].strip()):
                given[kind] = plain(text) if self._ours else text
        return Row(line, given, fault)


class _Broken(Exception):
    """A line within the row cannot be part of any row."""


class _Feed(Iterator[str]):
    """Gives the reader its lines and remembers those of the row under way, so that they can be given again."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._again: deque[Line] = deque()
        self.taken: list[Line] = []
        self.fault: str | None = None
        self._size = 0

    def new_row(self) -> None:
        self.taken.clear()
        self.fault = None
        self._size = 0

    def first(self) -> Line:
        line = self._lines.next()
        if line is None:
            raise CannotRead("the file is empty; a CSV begins with a header")
        if line.fault:
            raise CannotRead(f"the header cannot be read: {line.fault}")
        return line

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._lines.next()
        if line is None:
            raise StopIteration
        self.taken.append(line)
        text = line.text
        self._size += len(text)
        if line.fault:
            self.fault = self.fault or line.fault
        # The reader begins anew after an exception of ours, as it does after one of its own.
        if not text or self._size > LONGEST:
            raise _Broken
        return text

    def keep_first(self) -> Line:
        """Takes the row's first line for lost, and will give the others again."""
        self._again.extendleft(reversed(self.taken[1:]))
        return self.taken[0]

    def go_to(self, end: int, last_line: int) -> None:
        self._again.clear()
        self._lines.go_to(end, last_line)


def _header(line: Line, columns: Columns) -> tuple[str, list[str]]:
    """The separator under which a column is known, and the headings."""
    for separator in _SEPARATORS:
        try:
            headings = next(csv.reader([line.text], delimiter=separator, strict=True), [])
            if any(columns.kinds(headings)):
                return separator, headings
        except csv.Error:
            continue
        except BadColumns as fault:
            raise CannotRead(str(fault)) from None
    raise CannotRead(
        f"no column of the header is named {' or '.join(columns.headings.values())}; say which one it is "
        "with --column, for example --column email=E-mail"
    )
