"""The values of one JSON object as text."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from resign.imports.reading.shape import Reason

# What JSON can spell and no database keeps as text.
NO_TEXT = re.compile("[\0\ud800-\udfff]")
Pairs = list[tuple[str, Any]]


class Once(dict[str, Any]):
    """An object that remembers whether one of its names was given twice: who decides which of two choices holds?"""

    repeats = False

    def __setitem__(self, name: str, value: object) -> None:
        if name in self:
            self.repeats = True
        super().__setitem__(name, value)


def once(pairs: Pairs) -> dict[str, Any]:
    """The object of these names and values, for Python's own decoder."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    repeated = Once(found)
    repeated.repeats = True
    return repeated


def values_of(found: object, blank: Mapping[str, str], *, is_plain: bool = False) -> dict[str, str] | Reason:
    """`blank` holds "" for every column; names that are no column are left out. `is_plain` spares a look at the texts."""
    if not isinstance(found, dict):
        return "not-an-object"
    if isinstance(found, Once) and found.repeats:
        return "repeated-value"
    values = dict(blank)
    for name, value in found.items():
        if name in values:
            values[name] = value if isinstance(value, str) else _text(value)
        if isinstance(value, dict | list):
            return "nested"
    if not is_plain and NO_TEXT.search("".join(values.values())):
        return "not-text"
    return values


def names_of(found: Sequence[object]) -> list[str]:
    """The names in a sample of objects, in the order in which they first stand; those of objects within are left out."""
    names: dict[str, None] = {}
    for each in found:
        if isinstance(each, dict):
            names.update((name, None) for name, value in each.items() if not isinstance(value, dict | list))
    return list(names)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f") if abs(value.adjusted()) < 100 else str(value)  # noqa: PLR2004 - 1e999999 has a million digits
    return str(value)
