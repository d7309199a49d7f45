"""The rows of a file in chunks, each small enough for one short transaction; what a row states is worked out before it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from resign.imports.reading import Reject, Row, Shape, read
from resign.imports.stating import HashStated, Stating
from resign.ledger.arriving import Statement
from resign.ledger.uploading import MOST_AT_ONCE

_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Taken:
    """One row: what it states, or the code of the reason why it states nothing; `values` are its cells."""

    number: int
    said: tuple[Statement, ...] | HashStated | str
    values: Mapping[str, str]


class Chunks:
    """From the row behind `after` to the end. Holds one chunk at a time, whatever the file's size."""

    def __init__(self, path: Path, shape: Shape, stating: Stating, after: int = 0) -> None:
        self._rows: Iterator[Row | Reject] = iter(read(path, shape, after=after))
        self._stating = stating
        # "Everything" states each agreement, and then all.
        self._room = max(1, MOST_AT_ONCE - len(stating.agreements))

    def next(self, now: datetime) -> list[Taken]:
        """Up to 500 rows with up to 500 statements; nothing at the end. Raises Unreadable."""
        chunk: list[Taken] = []
        statements = 0
        for row in self._rows:
            if isinstance(row, Reject):
                chunk.append(Taken(row.number, row.reason, _NOTHING))
            else:
                said = self._stating.state(row.values, now)
                statements += len(said) if isinstance(said, tuple) else 1
                chunk.append(Taken(row.number, said, row.values))
            if statements >= self._room or len(chunk) >= MOST_AT_ONCE:
                break
        return chunk

    def close(self) -> None:
        """Lets go of the file."""
        closing = getattr(self._rows, "close", None)
        if closing is not None:
            closing()
