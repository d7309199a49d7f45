"""The rows of a file with one JSON object on each line. A line that is none spoils no other."""

import json
from collections.abc import Iterator
from typing import Any

from resign.imports.reading.json_values import once, values_of
from resign.imports.reading.lines import NOT_TEXT, Lines
from resign.imports.reading.opening import Source
from resign.imports.reading.shape import LONGEST_ROW, Reason, Reject, Row, Shape

# Numbers stay as they are written: an identifier of twenty digits is no quantity.
_decode = json.JSONDecoder(object_pairs_hook=once, parse_int=str, parse_float=str, parse_constant=str).decode


def jsonl_rows(source: Source, shape: Shape, after: int) -> Iterator[Row | Reject]:
    with Lines(source, shape.encoding) as lines:
        blank = dict.fromkeys(shape.columns, "")
        number, line = 0, ""
        while line := lines.next_line():
            number += 1
            if is_long := len(line) >= LONGEST_ROW:
                _skip(lines, line)
            if number <= after or line.isspace():
                continue
            if is_long:
                yield Reject(number, "too-long")
                continue
            found = parsed(line)
            if found == "not-json" and not line.endswith(("\n", "\r")):
                yield Reject(number, "cut-off")
                return
            # Only what is spelt with an escape can be a character that is no text.
            is_plain = "\\u" not in line
            values = found if isinstance(found, str) else values_of(found, blank, is_plain=is_plain)
            yield Reject(number, values) if isinstance(values, str) else Row(number, values)
        if lines.is_cut:
            yield Reject(number + 1, "cut-off")


def parsed(line: str) -> dict[str, Any] | Reason:
    """An object, or why the line is refused."""
    if NOT_TEXT in line:
        return "not-text"
    try:
        found = _decode(line)
    except ValueError:
        return "not-json"
    except RecursionError:
        return "nested"
    return found if isinstance(found, dict) else "not-an-object"


def _skip(lines: Lines, piece: str) -> None:
    while piece and not piece.endswith(("\n", "\r")):
        piece = lines.next_line()
