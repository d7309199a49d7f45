"""What stands in each column of a row, and whether the row says who it is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import itemgetter

from resign.feeds.rows import Row
from resign.ids import reference
from resign.ledger.hashed import plain_hash
from resign.reports.figure import Cell
from resign.settings.destinations.columns import IDENTIFIERS, TEXT, Column
from resign.settings.destinations.file_to import Address

_AS_IT_IS = {
    "email": "email", "identifier": "identifier", "identifier-kind": "kind", "agreement": "agreement",
    "method": "method", "campaign": "campaign", "origin": "origin", "language": "language",
}  # fmt: skip
_Read = Callable[[Row], Cell]
_TO_THE_SECOND = len("2026-01-01T00:00:00")
_WHO = {*IDENTIFIERS, "identifier"}


class Cells:
    """`exact` are the columns that say who it is: nothing may be put in front of them, or they would name somebody else."""

    def __init__(self, columns: Sequence[Column], values: Mapping[str, str], address: Address) -> None:
        self.names = tuple(column.name for column in columns)
        self.exact = frozenset(at for at, column in enumerate(columns) if column.what in _WHO)
        self._who = tuple(sorted(self.exact))
        self._read = tuple(_reader(column.what, values, address) for column in columns)

    def of(self, rows: Sequence[Row]) -> Iterator[list[Cell]]:
        """One for each row that names somebody; whoever counts them knows how many were left out."""
        for row in rows:
            cells = [read(row) for read in self._read]
            for at in self._who:
                if cells[at]:
                    yield cells
                    break


def _reader(what: str, values: Mapping[str, str], address: Address) -> _Read:  # noqa: PLR0911 - a table
    if what.startswith(TEXT):
        text = what.removeprefix(TEXT)
        return lambda _: text
    if what in _AS_IT_IS:
        # By its place: as quick as it gets, where there may be millions of rows.
        return itemgetter(Row._fields.index(_AS_IT_IS[what]))
    word = {word: values.get(word, word) for word in ("opt-out", "opt-in", "true", "false")}
    match what:
        case "hash":
            return _keyed if address == "keyed" else _sha256
        case "customId" | "clientId":
            return lambda row: row.identifier if row.kind == what else None
        case "choice":
            return lambda row: word[row.choice]
        case "opted-out":
            return lambda row: word["true" if row.choice == "opt-out" else "false"]
        case "opted-in":
            return lambda row: word["true" if row.choice == "opt-in" else "false"]
        case "at":
            return lambda row: _moment(row.at)
        case "reference":
            return lambda row: reference(row.id) if row.id else None
    raise ValueError(what)


def _keyed(row: Row) -> str:
    """Also of somebody whose identifier retention has emptied: that is what the digest is kept for."""
    return row.email_digest or row.digest


def _sha256(row: Row) -> str | None:
    if row.kind == "sha256":
        return row.digest
    return plain_hash(row.email) if row.email else None


def _moment(at: datetime) -> str:
    """ISO 8601 in UTC, to the second."""
    return f"{at.isoformat()[:_TO_THE_SECOND]}Z"
