"""The names of a table's columns: from its first row, or numbered where that is a row like the others."""

import re
from collections.abc import Sequence

from resign.imports.reading.shape import LONGEST_NAME, MOST_COLUMNS, Unreadable

# An address, a number, a date or a UUID is nothing that anybody calls a column.
_A_VALUE = re.compile(
    r"[^@\s]+@[^@\s]+\.[^@\s]+|[+-]?[\d.,/:\s-]*\d[\d.,/:\s-]*|\d{4}-\d\d-\d\dT.*|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}"
)
_LONGEST_VALUE = 320


def columns_of(first: Sequence[str]) -> tuple[str, ...]:
    """What the columns are called if `first` is the first row. Raises Unreadable where there are too many, or none."""
    if len(first) > MOST_COLUMNS:
        raise Unreadable(f"The file has more than {MOST_COLUMNS} columns.")
    if not any(cell.strip() for cell in first):
        raise Unreadable("The file holds no rows.")
    if any(_A_VALUE.fullmatch(cell.strip()[:_LONGEST_VALUE]) for cell in first):
        return numbered(len(first))
    return headings(first)


def numbered(how_many: int) -> tuple[str, ...]:
    return tuple(f"column {place}" for place in range(1, how_many + 1))


def headings(first: Sequence[str]) -> tuple[str, ...]:
    """Names that differ: an empty one is numbered, and the second `email` is `email (2)`."""
    names: dict[str, None] = {}
    times: dict[str, int] = {}
    for place, cell in enumerate(first, 1):
        plain = " ".join(cell.replace("\0", " ").split())[:LONGEST_NAME] or f"column {place}"
        name = plain
        while name in names:
            times[plain] = times.get(plain, 1) + 1
            name = f"{plain} ({times[plain]})"
        names[name] = None
    return tuple(names)


def is_header(first: Sequence[str], columns: Sequence[str]) -> bool:
    """Whether the first row is what the columns were named after."""
    return headings(first) == tuple(columns)
