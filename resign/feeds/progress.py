"""A feed's lease, and what is written down of a file: that it is planned, that it has arrived, that it was not taken."""

import random
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, or_, update
from sqlalchemy.orm import Session

from resign.feeds.lanes import OPT_OUTS, SCHEDULED, standing
from resign.feeds.spool import Spooled
from resign.feeds.tables import Feed, FeedFile, FeedLane

# Longer than a sink is ever silent; after a crash somebody else takes over so much later.
LEASE = timedelta(seconds=90)
_FIRST_WAIT, _LONGEST_WAIT = 2.0, 300.0
_MOST_DOUBLINGS = 10
_MOST_SAID = 255

Key = tuple[str, str]  # workspace, destination


def take(session: Session, key: Key, ticket: UUID, now: datetime) -> bool:
    """False while somebody else writes for this feed."""
    free = or_(Feed.leased_until.is_(None), Feed.leased_until <= now, Feed.ticket == ticket)
    return _changed(session, key, free, ticket=ticket, leased_until=now + LEASE)


def renew(session: Session, key: Key, ticket: UUID, now: datetime) -> bool:
    """For longer, in the middle of a file. False where somebody else has had it since, even if it is free again: they
    may have planned another file, and ours would be noted as that one.
    """
    return _changed(session, key, Feed.ticket == ticket, leased_until=now + LEASE)


def give_back(session: Session, key: Key, ticket: UUID) -> None:
    _changed(session, key, Feed.ticket == ticket, ticket=None, leased_until=None)


def is_mine(session: Session, key: Key, ticket: UUID) -> bool:
    """Held until the transaction ends: nobody takes the lease in between."""
    return _changed(session, key, Feed.ticket == ticket, ticket=ticket)


def plan(lane: FeedLane, top: int, told: int, owed_since: datetime, *, afresh: bool) -> None:
    """The file that is under way stays what it is until it has arrived; `afresh` it goes as far as it can.

    A whole list takes the place of the one before, and of what was told since: one that was planned before the last
    opt-outs went out would leave them out.
    """
    if lane.top is None or afresh:
        lane.top, lane.told = top, told
    note_owed(lane, owed_since)


def note_owed(lane: FeedLane, since: datetime) -> None:
    """A destination that is new owes nothing from before it was there."""
    here = max(since, lane.since)
    lane.owed_since = min(lane.owed_since or here, here)


def arrived(
    session: Session, key: Key, name: str, file: Spooled | None, now: datetime, due: datetime | None
) -> None:
    """Moves on, and notes the file in the same transaction; None where there was nothing to write."""
    held = standing(session, *key).lanes
    lane = held[name]
    if lane.top is None:
        return
    top = lane.top
    if file is not None:
        session.add(FeedFile(
            workspace=lane.workspace, destination=lane.destination, lane=name, name=file.name, after=lane.seen, top=top,
            rows=file.rows, left_out=file.left_out, bytes=file.bytes, sha256=file.sha256, at=now,
        ))  # fmt: skip
    _move(lane, top)
    lane.due_at = due
    if name == SCHEDULED:
        outs = held[OPT_OUTS]
        if outs.top is not None and outs.top <= top or outs.top is None and outs.seen < top:  # noqa: RUF021
            _move(outs, top)


def _move(lane: FeedLane, top: int) -> None:
    """The number is used up, whether a file of that name was written or not."""
    if lane.top is not None:
        lane.files += 1
    lane.seen = max(lane.seen, top)
    lane.top = lane.told = lane.owed_since = lane.again_at = lane.says = None
    lane.failures = 0


def not_taken(session: Session, key: Key, name: str, says: str, now: datetime) -> None:
    lane = standing(session, *key).lanes[name]
    lane.failures += 1
    wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(lane.failures, _MOST_DOUBLINGS))
    # Apart from one another, where one outage has stopped several.
    lane.again_at = now + timedelta(seconds=wait * random.uniform(0.8, 1.0))  # noqa: S311 - no secret
    lane.says = says[:_MOST_SAID]


def _changed(session: Session, key: Key, where: Any, **values: object) -> bool:  # noqa: ANN401 - a condition of SQLAlchemy's
    statement = (
        update(Feed)
        .where(Feed.workspace == key[0], Feed.destination == key[1], where)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[object]", session.execute(statement)).rowcount == 1
