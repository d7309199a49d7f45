"""What stands in each column of a row, and whether the row says who it is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import compress
from uuid import UUID

from resign.feeds.rows import Row
from resign.ids import reference
from resign.ledger.hashed import plain_hash
from resign.reports.csv_lines import begins_a_formula
from resign.reports.figure import Cell
from resign.settings.destinations.columns import IDENTIFIERS, TEXT, Column
from resign.settings.destinations.file_to import Address

_AS_IT_IS = {
    "email": "email", "identifier": "identifier", "identifier-kind": "kind", "agreement": "agreement", "at": "at",
    "choice": "choice", "method": "method", "campaign": "campaign", "origin": "origin", "language": "language",
}  # fmt: skip
_NO_FORMULA = {"identifier-kind", "agreement", "at", "method", "reference"}
_WORDS = {"choice", "opted-out", "opted-in"}
_WHO = {*IDENTIFIERS, "identifier"}
# Which fields of a row a column is made of, and how; where that is None, the field as it is.
_Made = tuple[tuple[str, ...], Callable[..., Cell] | None]


class Cells:
    """`fields` are those of a row that they are made of, in the order in which `of` expects them.

    `exact` are the columns that say who it is, where nothing may be put in front, or they would name somebody else; and
    those in which nothing looks like a formula.
    """

    def __init__(self, columns: Sequence[Column], values: Mapping[str, str], address: Address) -> None:
        self.names = tuple(column.name for column in columns)
        made = [_made(column.what, values, address) for column in columns]
        self.fields = tuple(dict.fromkeys(field for fields, _ in made for field in fields))
        self.exact = frozenset(at for at, column in enumerate(columns) if _is_exact(column.what, values))
        self._who = tuple(at for at, column in enumerate(columns) if column.what in _WHO)
        self._made = [([self.fields.index(field) for field in fields], how) for fields, how in made]

    def of(self, rows: Sequence[Row]) -> Iterator[Sequence[Cell]]:
        """One for each row that names somebody; whoever counts them knows how many were left out."""
        if not rows:
            return
        # Column by column: row by row it takes three times as long, and there may be millions.
        fields = list(zip(*rows, strict=False))
        columns = [
            fields[places[0]] if how is None else [*map(how, *(fields[at] for at in places))]
            for places, how in self._made
        ]
        named = map(any, zip(*(columns[at] for at in self._who), strict=True))
        yield from compress(zip(*columns, strict=True), named)


def _is_exact(what: str, values: Mapping[str, str]) -> bool:
    if what in _WORDS:
        return not any(
            begins_a_formula(values.get(word, word)) for word in ("opt-out", "opt-in", "true", "false")
        )
    return what in _WHO | _NO_FORMULA


def _made(what: str, values: Mapping[str, str], address: Address) -> _Made:  # noqa: PLR0911 - a table
    if what.startswith(TEXT):
        text = what.removeprefix(TEXT)
        return ("choice",), lambda _: text
    word = {word: values.get(word, word) for word in ("opt-out", "opt-in", "true", "false")}
    match what:
        case "hash" if address == "keyed":
            # Also of somebody whose identifier retention has emptied: that is what the digest is kept for.
            return ("email_digest", "digest"), lambda email, own: email or own
        case "hash":
            return ("kind", "digest", "email"), _sha256
        case "customId" | "clientId":
            return ("kind", "identifier"), lambda kind, identifier: identifier if kind == what else None
        case "choice" if word["opt-out"] != "opt-out" or word["opt-in"] != "opt-in":
            return ("choice",), word.get
        case "opted-out":
            return ("choice",), {"opt-out": word["true"], "opt-in": word["false"]}.get
        case "opted-in":
            return ("choice",), {"opt-out": word["false"], "opt-in": word["true"]}.get
        case "reference":
            return ("id",), _reference
    return (_AS_IT_IS[what],), None


def _sha256(kind: str, digest: str, email: str | None) -> str | None:
    if kind == "sha256":
        return digest
    return plain_hash(email) if email else None


def _reference(decision: UUID | None) -> str | None:
    """Of a hash that a list brought there is no decision."""
    return reference(decision) if decision else None
