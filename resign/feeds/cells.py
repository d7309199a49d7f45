"""What stands in each column of a row, and whether the row says who it is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from resign.feeds.rows import Row
from resign.ids import reference
from resign.ledger.hashed import plain_hash
from resign.reports.figure import Cell
from resign.settings.destinations.columns import IDENTIFIERS, TEXT, Column
from resign.settings.destinations.file_to import Address

_Read = Callable[[Row], Cell]
_WHO = {*IDENTIFIERS, "identifier"}


class Cells:
    """`exact` are the columns that say who it is: nothing may be put in front of them, or they would name somebody else."""

    def __init__(self, columns: Sequence[Column], values: Mapping[str, str], address: Address) -> None:
        self.names = tuple(column.name for column in columns)
        self.exact = frozenset(at for at, column in enumerate(columns) if column.what in _WHO)
        self._read = tuple(_reader(column.what, values, address) for column in columns)

    def of(self, rows: Sequence[Row]) -> Iterator[list[Cell]]:
        """One for each row that names somebody; whoever counts them knows how many were left out."""
        for row in rows:
            cells = [read(row) for read in self._read]
            if any(cells[at] for at in self.exact):
                yield cells


def _reader(what: str, values: Mapping[str, str], address: Address) -> _Read:  # noqa: C901, PLR0911, PLR0912 - a table
    if what.startswith(TEXT):
        text = what.removeprefix(TEXT)
        return lambda _: text
    word = {word: values.get(word, word) for word in ("opt-out", "opt-in", "true", "false")}
    match what:
        case "hash":
            return _keyed if address == "keyed" else _sha256
        case "email":
            return lambda row: row.email
        case "customId" | "clientId":
            return lambda row: row.identifier if row.kind == what else None
        case "identifier":
            return lambda row: row.identifier
        case "identifier-kind":
            return lambda row: row.kind
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
        case "agreement":
            return lambda row: row.agreement
        case "method":
            return lambda row: row.method
        case "campaign":
            return lambda row: row.campaign
        case "origin":
            return lambda row: row.origin
        case "language":
            return lambda row: row.language
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
    return f"{at.replace(tzinfo=None, microsecond=0).isoformat()}Z"
