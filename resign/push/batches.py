"""Gathers rows into batches that Synerise takes: so many items, so many bytes, each profile once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from resign.profile import KINDS, Kind, Profile
from resign.push.journal import Span
from resign.push.rejects import Reject
from resign.push.rows import Row, Rows

# Synerise's ceilings for one batch (php-sdk f8b9074, `BatchRequestBuilder`). The second is kept by a bound
# that is never too small: weighing costs less than writing the item twice.
MOST_ROWS = 1_000
MOST_BYTES = 1_000_000
# One character of an identifier is six bytes at the most, as \uXXXX; the keys and brackets of an item are
# fewer than these.
_BYTES_OF_A_CHARACTER = 6
_BYTES_AROUND = 64

# A row's profile and its token, or the reason why it has none.
Name = Callable[[Row], tuple[Profile, str] | str]


@dataclass(slots=True)
class Batch:
    """`start` and `end` are offsets in the file, between which exactly these rows lie.

    `items` are profiles and their tokens as they are sent, each profile once. `named` holds, in the items' order,
    every row that names one: the same row twice is written once. Millions of items go through here, so they
    are nothing but tuples.
    """

    start: int
    end: int = 0
    last_line: int = 0
    rows: int = 0
    items: list[tuple[Profile, str]] = field(default_factory=list)
    named: list[tuple[Row, ...]] = field(default_factory=list)
    rejected: list[Reject] = field(default_factory=list)

    def refuse(self, number: int, reason: str) -> None:
        """What was found out only when the item was sent. `number` counts the items from 0."""
        self.rejected += [Reject(row.line, reason, row.given) for row in self.named[number]]


# A row, what it came to, and where the file was read to behind it.
_Found = tuple[Row, tuple[Profile, str] | str, int, int]


class Batches:
    """The batches of a file, one after the other without a gap, save for the spans that are done: those are skipped.

    Two spellings of one address are never in one batch: in which order a batch is worked off is not documented.
    """

    def __init__(
        self,
        rows: Rows,
        name: Name,
        *,
        attribute: str = "",
        done: Mapping[int, Span] | None = None,
        most_rows: int = MOST_ROWS,
    ) -> None:
        """`done` is by the offset where each span starts."""
        self._rows = rows
        self._name = name
        self._done = done or {}
        self._most_rows = most_rows
        self._around = _BYTES_AROUND + len(attribute)
        self._position = rows.end
        self._held: _Found | None = None

    def __iter__(self) -> Iterator[Batch]:
        while (batch := self._gather()).rows:
            yield batch

    def _gather(self) -> Batch:
        self._skip_what_is_done()
        batch = Batch(self._position)
        # A clientId and a customId may be the same text, so each kind has a table of its own.
        numbers: dict[Kind, dict[str, int]] = {kind: {} for kind in KINDS}
        left = MOST_BYTES
        while batch.rows < self._most_rows and (found := self._next()) is not None:
            row, named, end, last_line = found
            if isinstance(named, str):
                batch.rejected.append(Reject(row.line, named, row.given))
            else:
                profile, token = named
                known, folded = numbers[profile.kind], profile.folded
                number = known.get(folded)
                if number is not None and batch.items[number][0] == profile:
                    batch.named[number] += (row,)
                else:
                    left -= _BYTES_OF_A_CHARACTER * len(profile.value) + len(token) + self._around
                    if number is not None or left < 0:
                        self._held = found
                        break
                    known[folded] = len(batch.items)
                    batch.items.append(named)
                    batch.named.append((row,))
            batch.rows += 1
            batch.end, batch.last_line = end, last_line
            if end in self._done:
                break
        if batch.rows:
            self._position = batch.end
        return batch

    def _skip_what_is_done(self) -> None:
        while self._held is None and (span := self._done.get(self._position)) is not None:
            self._rows.go_to(span.end, span.last_line)
            self._position = span.end

    def _next(self) -> _Found | None:
        if self._held is not None:
            held, self._held = self._held, None
            return held
        row = self._rows.next()
        return row and (row, self._name(row), self._rows.end, self._rows.last_line)
