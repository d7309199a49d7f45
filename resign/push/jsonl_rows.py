"""The rows of a file with one JSON object in each line."""

import json
from collections.abc import Sequence

from resign.profile import Kind
from resign.push.columns import Columns, fold
from resign.push.lines import CannotRead, Line, Lines
from resign.push.rows import Row

_NOT_JSON = "the line is not JSON"
_NO_OBJECT = 'the line is no JSON object, such as {"email": "anna@example.com"}'


class JsonlRows:
    """Empty lines are no rows. A number is taken where an identifier may be one."""

    def __init__(self, lines: Lines, columns: Columns) -> None:
        self._lines = lines
        self._kinds = {heading: kind for kind, heading in columns.headings.items()}
        # Built once: `json.loads` with these would build a decoder for each line.
        self._decode = json.JSONDecoder(object_pairs_hook=_Pairs, parse_constant=_refuse).decode
        self._first = lines.next()
        if self._first is None:
            raise CannotRead("the file is empty")
        self.end, self.last_line = 0, 0

    def next(self) -> Row | None:
        while (line := self._next_line()) is not None:
            self.end, self.last_line = line.end, line.number
            if line.fault or not line.text.isspace():
                return self._row(line)
        return None

    def go_to(self, end: int, last_line: int) -> None:
        self._first = None
        self._lines.go_to(end, last_line)
        self.end, self.last_line = end, last_line

    def _next_line(self) -> Line | None:
        first, self._first = self._first, None
        return first or self._lines.next()

    def _row(self, line: Line) -> Row:
        try:
            content = self._decode(line.text) if line.text else None
        except (ValueError, RecursionError):
            return Row(line.number, {}, line.fault or _NOT_JSON)
        if not isinstance(content, _Pairs):
            return Row(line.number, {}, line.fault or _NO_OBJECT)
        given, fault = self._given(content.pairs)
        return Row(line.number, given, line.fault or fault)

    def _given(self, pairs: Sequence[tuple[str, object]]) -> tuple[dict[Kind, str], str | None]:
        given: dict[Kind, str] = {}
        named: set[Kind] = set()
        fault: str | None = None
        for key, value in pairs:
            kind = self._kinds.get(key) or self._kinds.get(fold(key))
            if kind is None or value is None:
                continue
            if kind in named:
                fault = f"{kind} stands in the object more than once"
            named.add(kind)
            if isinstance(value, str):
                text = value.strip()
            elif isinstance(value, int) and not isinstance(value, bool) and kind != "email":
                text = str(value)
            else:
                text, fault = "", fault or f"{kind}: this is no text"
            if text:
                given[kind] = text
        return given, fault


class _Pairs:
    """An object as it was written: a dict would silently keep the last of two equal keys."""

    __slots__ = ("pairs",)

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        self.pairs = pairs


def _refuse(_constant: str) -> object:
    """NaN and Infinity are no JSON (RFC 8259 §6)."""
    raise ValueError
