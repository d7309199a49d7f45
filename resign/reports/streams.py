"""Reads what has been appended since last time, by the number that the database hands out, and misses nothing.

On PostgreSQL a lower number can be committed after a higher one. So the numbers that were passed over are kept as
gaps and looked at again, until every transaction that was open when they were passed has ended. On SQLite there
is one writer: numbers are committed in their order, and what is missing stays missing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from resign.ledger.tables import Decision
from resign.notices.tables import NoticeRow
from resign.outbox.tables import Attempt

# A transaction is given its number only with its first write, a moment after its row was given one. No such moment
# lasts longer than this, because no statement does.
_LEAST_AGE = timedelta(minutes=10)
_OLDEST_OPEN = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
_NEXT_TO_OPEN = text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")


@dataclass(frozen=True, slots=True)
class Stream:
    """A table that is only ever appended to. `number` orders it; `columns` are read beside it."""

    name: str
    number: InstrumentedAttribute[int]
    columns: tuple[InstrumentedAttribute[Any], ...]
    most: int


# So many that a press never waits long while they are written.
DECISIONS = Stream("decisions", Decision.seq, (Decision.choice,), 250)
ATTEMPTS = Stream("attempts", Attempt.id, (Attempt.message_id, Attempt.outcome), 1000)
NOTICES = Stream(
    "notices",
    NoticeRow.id,
    (NoticeRow.action, NoticeRow.workspace, NoticeRow.digest, NoticeRow.campaign, NoticeRow.at),
    1000,
)
STREAMS = (DECISIONS, ATTEMPTS, NOTICES)


@dataclass(frozen=True, slots=True)
class Gap:
    low: int
    high: int
    noted_at: datetime
    horizon: int


@dataclass(frozen=True, slots=True)
class Read:
    """What is new, how far it reaches, and the gaps that are still open behind it."""

    rows: list[Any]
    position: int
    gaps: tuple[Gap, ...]
    more: bool


def read(session: Session, stream: Stream, position: int, gaps: Sequence[Gap], now: datetime) -> Read:
    rows: list[Any] = []
    left: list[Gap] = []
    # Before the gaps are looked at: who has ended by now is seen by the look that follows.
    oldest_open = session.scalar(_OLDEST_OPEN) if gaps else 0
    for gap in gaps:
        late = _rows(session, stream, stream.number.between(gap.low, gap.high))
        rows += late
        if gap.horizon > (oldest_open or 0) or now - gap.noted_at < _LEAST_AGE:
            still = _holes(gap.low, gap.high, late)
            left += [Gap(low, high, gap.noted_at, gap.horizon) for low, high in still]
    new = _rows(session, stream, stream.number > position, stream.most)
    if new:
        holes = list(_holes(position + 1, new[-1][0], new))
        if holes and session.get_bind().dialect.name != "sqlite":
            # Only now: whoever could still fill a hole was open before.
            horizon = session.scalar(_NEXT_TO_OPEN) or 0
            left += [Gap(low, high, now, horizon) for low, high in holes]
        position = new[-1][0]
    return Read([*rows, *new], position, tuple(left), len(new) == stream.most)


def _rows(session: Session, stream: Stream, where: ColumnElement[bool], most: int | None = None) -> list[Any]:
    query = select(stream.number, *stream.columns).where(where).order_by(stream.number).limit(most)
    return list(session.execute(query).all())


def _holes(low: int, high: int, rows: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """The ranges between `low` and `high`, both included, of which there is no row."""
    expected = low
    for row in rows:
        if row[0] > expected:
            yield expected, row[0] - 1
        expected = row[0] + 1
    if expected <= high:
        yield expected, high
