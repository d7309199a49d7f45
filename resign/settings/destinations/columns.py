"""Which columns a file has, in their order: a name for each, and what stands in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from resign.settings.destinations.table import Table

# What can be told of a decision. The first four say who it is.
IDENTIFIERS = ("email", "customId", "clientId", "hash")
WHATS = (
    *IDENTIFIERS, "identifier", "identifier-kind", "agreement", "choice", "opted-out", "opted-in", "at", "method",
    "campaign", "origin", "reference", "language",
)  # fmt: skip
# So a cell of the same text in every row is written.
TEXT = "text:"
# A name without blanks and special signs, as Synerise's import asks for; it is an XML element's name as well.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_MOST = 50
_MOST_LETTERS = 200
_WORDS = ("opt-out", "opt-in", "true", "false")


@dataclass(frozen=True, slots=True)
class Column:
    """`what` is one of WHATS, or TEXT and the text itself."""

    name: str
    what: str


def columns(table: Table, usual: tuple[Column, ...]) -> tuple[Column, ...]:
    given = table.table("columns")
    if not given:
        return usual
    found = tuple(_column(table, name, what) for name, what in given.items())
    if len(found) > _MOST:
        raise table.fault(f"columns: give {_MOST} at most")
    if not any(column.what in {*IDENTIFIERS, "identifier"} for column in found):
        raise table.fault(f"columns: one of them must say who it is: {', '.join(IDENTIFIERS)} or identifier")
    return found


def values(table: Table) -> Mapping[str, str]:
    """How a choice, and yes and no, are written; by default as they are called here."""
    given = table.table("values")
    for key, value in given.items():
        if key not in _WORDS:
            raise table.fault(f"values: there are {', '.join(_WORDS)}")
        if not isinstance(value, str) or len(value) > _MOST_LETTERS:
            raise table.fault(f"values: give {key} as text in quotes")
    return {word: str(given.get(word, word)) for word in _WORDS}


def _column(table: Table, name: str, what: object) -> Column:
    if not _NAME.fullmatch(name):
        raise table.fault(
            "columns: a name has up to 64 letters, digits and underscores, and begins with no digit"
        )
    if not isinstance(what, str) or len(what) > _MOST_LETTERS:
        raise table.fault(f"columns: give what stands in {name} as text in quotes")
    if what not in WHATS and not what.startswith(TEXT):
        raise table.fault(f"columns: {name} is one of: {', '.join(WHATS)}, or {TEXT} and a text")
    return Column(name, what)
