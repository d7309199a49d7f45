"""The rows of one JSON array, or of the first array of objects within an object, as they come."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import ijson

from resign.imports.reading.budget import BLOCK, Budget
from resign.imports.reading.json_values import Once, values_of
from resign.imports.reading.opening import Source
from resign.imports.reading.shape import DEEPEST, Reject, Row, Shape, TooLong, Unreadable

_OPENS = frozenset({"start_map", "start_array"})
_CLOSES = frozenset({"end_map", "end_array"})
_ITEM = "item"
# What is raised where a file is no JSON, or no sound one.
BREAKS = (ijson.JSONError, TooLong, ValueError, RecursionError)


def json_rows(source: Source, shape: Shape, after: int) -> Iterator[Row | Reject]:
    """One row that is too long for us makes all behind it unreadable: nobody can say where it ends without reading it."""
    with Budget(source, decode=shape.encoding) as budget:
        blank = dict.fromkeys(shape.columns, "")
        number = 0
        try:
            for found in items(budget, shape.record):
                number += 1
                budget.new_row()
                if number > after:
                    values = values_of(found, blank)
                    yield Reject(number, values) if isinstance(values, str) else Row(number, values)
        except ijson.IncompleteJSONError as fault:
            yield Reject(number + 1, "cut-off" if _at_its_end(fault) else "broken-file")
        except BREAKS:
            yield Reject(number + 1, "broken-file")


def items(budget: Budget, record: str) -> Iterator[object]:  # noqa: C901 - one step for each thing that may come next
    """What the array at that path holds: objects, with [] for what holds values itself, and whatever else."""
    labels: list[str] = []  # for each array or object that is open, where in it we are
    rows_at = 0  # how many are open around a row; 0 before the array is found, -1 behind it
    row: Once | None = None
    name = ""
    for event, value in _events(budget):
        depth = len(labels)
        if event in _OPENS:
            if depth == rows_at and depth:
                row = Once() if event == "start_map" else None
            elif row is not None and depth == rows_at + 1:
                row[name] = []
            if not rows_at and event == "start_array" and ".".join(labels) == record:
                rows_at = depth + 1
            labels.append(_ITEM if event == "start_array" else "")
        elif event in _CLOSES:
            labels.pop()
            if rows_at > 0 and depth - 1 == rows_at:
                yield [] if row is None else row
                row = None
            elif depth == rows_at:
                rows_at = -1
        elif event == "map_key":
            labels[-1] = name = value
        elif row is not None and depth == rows_at + 1:
            row[name] = value
        elif depth == rows_at and depth:
            yield value
        if rows_at < 0:
            # What else the file says is not kept, and may be as long as it likes.
            budget.new_row()


def array_in(budget: Budget) -> str:
    """The path of the first array that holds an object. Raises Unreadable where there is none near the beginning."""
    labels: list[str] = []
    # The beginning may be all that is sound in the file.
    with suppress(*BREAKS):
        for event, value in _events(budget):
            if event == "start_map" and labels[-1:] == [_ITEM]:
                return ".".join(labels[:-1])
            if event in _OPENS:
                labels.append(_ITEM if event == "start_array" else "")
            elif event in _CLOSES:
                labels.pop()
            elif event == "map_key":
                labels[-1] = value
    raise Unreadable("The file holds no list of objects, or is no JSON.")


def _events(budget: Budget) -> Iterator[tuple[str, Any]]:
    """Raises TooLong where arrays and objects lie too deep in one another: what builds values of them may crash."""
    depth = 0
    for event, value in ijson.basic_parse(budget, buf_size=BLOCK):
        if event in _OPENS:
            depth += 1
            if depth > DEEPEST:
                raise TooLong
        elif event in _CLOSES:
            depth -= 1
        yield event, value


def _at_its_end(fault: ijson.IncompleteJSONError) -> bool:
    # It is said of bytes that are no text or no JSON as well.
    return "premature EOF" in str(fault) or "incomplete" in str(fault).lower()
