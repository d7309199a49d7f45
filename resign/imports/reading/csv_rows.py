"""The rows of a CSV: each whole, or refused; nothing that stands within a value is ever taken for a row.

A quote that is opened and never closed swallows what comes after it. It is not read once more as rows: the value may
be what a stranger typed into a form, with lines in it that look like somebody's opt-in. So it is one refused row.
"""

import csv
import re
from collections.abc import Iterator
from typing import Self

from resign.imports.reading.columns import is_header
from resign.imports.reading.lines import NOT_TEXT, Lines
from resign.imports.reading.opening import Source
from resign.imports.reading.shape import LONGEST_ROW, Reason, Reject, Row, Shape, TooLong

DELIMITERS = ",;\t|"
_SAYS_THE_DELIMITER = re.compile(r"sep=.[\r\n]*")


def csv_rows(source: Source, shape: Shape, after: int) -> Iterator[Row | Reject]:
    with Lines(source, shape.encoding) as lines:
        records = Records(lines, shape.delimiter)
        columns = shape.columns
        width = len(columns)
        for number, values, fault in records:
            if number == 1 and not fault and is_header(values, columns):
                continue
            if number <= after:
                continue
            if fault:
                yield Reject(number, fault)
            elif len(values) == width:
                yield Row(number, dict(zip(columns, values, strict=True)))
            elif not values:
                continue
            elif len(values) < width:
                yield Reject(number, "cut-off" if records.ends_without_end else "too-few-values")
            elif any(values[width:]):
                yield Reject(number, "too-many-values")
            else:
                yield Row(number, dict(zip(columns, values, strict=False)))


class Records:
    """Iterates over (number, values, fault); no values for an empty line.

    Python's own csv module takes those apart that have quotes in them. The others, nearly all, are split at once.
    """

    def __init__(self, lines: Lines, delimiter: str) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._feed = Feed(lines, delimiter)
        self._reader = csv.reader(self._feed, delimiter=delimiter, strict=True)

    @property
    def ends_without_end(self) -> bool:
        """Whether no line end follows the record just given, which is then the last of the file."""
        return not self._feed.last.endswith(("\n", "\r"))

    def __iter__(self) -> Iterator[tuple[int, list[str], Reason | None]]:
        next_line, delimiter, feed, number = self._lines.next_line, self._delimiter, self._feed, 0
        fault: Reason | None = None
        while line := next_line():
            if number == 0 and _SAYS_THE_DELIMITER.fullmatch(line):
                continue
            number += 1
            feed.last = line
            is_plain = '"' not in line and "\0" not in line and NOT_TEXT not in line
            if is_plain and len(line) < LONGEST_ROW and line[-1] == "\n":
                text, fault = line.rstrip("\r\n"), None
                yield number, text.split(delimiter) if text else [], None
            else:
                values, fault = self._with_care(line)
                yield number, values, fault
        if self._lines.is_cut and fault != "cut-off":
            yield number + 1, [], "cut-off"

    def _with_care(self, line: str) -> tuple[list[str], Reason | None]:
        feed = self._feed
        feed.new_record(line)
        try:
            values = next(self._reader)
        except TooLong:
            feed.skip()
            return [], "too-long"
        except csv.Error:
            return [], "cut-off" if feed.at_end else "broken-quotes"
        if not feed.is_text:
            return [], "not-text"
        if self._lines.is_cut and self.ends_without_end:
            return [], "cut-off"
        return values, None


class Feed:
    """The lines of one record after the other, for the csv module; together no longer than a row may be."""

    def __init__(self, lines: Lines, delimiter: str) -> None:
        self._next_line = lines.next_line
        self._delimiter = delimiter
        self.at_end = False
        self.new_record("")

    def new_record(self, first: str) -> None:
        self._first = self.last = first
        self._taken: list[str] = []
        self._size = 0
        self.is_text = True

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._next_line() if self._taken else self._first
        if not line:
            self.at_end = True
            raise StopIteration
        self.last = line
        self._taken.append(line)
        self._size += len(line)
        if self._size >= LONGEST_ROW:
            raise TooLong
        if NOT_TEXT in line or "\0" in line:
            self.is_text = False
        return line

    def skip(self) -> None:
        """Goes on behind a record that is too long: behind its line, or the one on which its open quote is closed."""
        is_open = is_within = False
        for piece in self._taken:
            is_open = self._leaves_open(piece, is_open=is_open, is_within=is_within)
            is_within = not piece.endswith(("\n", "\r"))
        while is_open or is_within:
            piece = self._next_line()
            if not piece:
                return
            self.last = piece
            is_open = self._leaves_open(piece, is_open=is_open, is_within=is_within)
            is_within = not piece.endswith(("\n", "\r"))

    def _leaves_open(self, piece: str, *, is_open: bool, is_within: bool) -> bool:
        """Whether a quote is open behind it. In the middle of a value without quotes a quote is only a mark."""
        if '"' not in piece:
            return is_open
        if is_open or is_within:
            piece = ('"' if is_open else "x") + piece
        try:
            for _ in csv.reader([piece], delimiter=self._delimiter, strict=True):
                pass
        except csv.Error as fault:
            return "end of data" in str(fault)
        return False
