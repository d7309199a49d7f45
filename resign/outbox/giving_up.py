"""What was tried in vain for too long becomes a dead letter: shown with why, and sent again by whoever has mended it.

Synerise is tried for ever. Another system may be gone for good without a word, and what is owed to it must not look
for ever as if it were about to be told.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, CursorResult, exists, func, literal, or_, select, update
from sqlalchemy.orm import Session

from resign.outbox.owed import late
from resign.outbox.tables import Lane, MessageRow, is_late

# Settled in one transaction: it holds SQLite's writer for some hundredths of a second.
BATCH = 500
# What is owed to a destination that the settings do not name any more.
UNNAMED = timedelta(days=3)
_REASON_MOST = 255

Way = tuple[str, str]


def given_up_on(session: Session, limits: Mapping[Way, timedelta | None], now: datetime) -> list[Way]:
    """The ways on which something has been owed for too long. `limits` holds every way that the settings name."""
    return [
        (each.workspace, each.destination)
        for each in late(session)
        if (limit := limits.get((each.workspace, each.destination), UNNAMED)) is not None
        and each.since <= now - limit
    ]


def give_up(session: Session, way: Way, limits: Mapping[Way, timedelta | None], now: datetime) -> int:
    """Some of what is owed there; how many. The caller commits, and asks again until there are none.

    Only what was tried, or waits in a lane that has been shut for as long: a worker that did not run for a week
    tries first. A lane that is paused by hand gives nothing up.
    """
    row, limit = MessageRow, limits.get(way, UNNAMED)
    if limit is None:
        return 0
    before = now - limit
    lane = (Lane.workspace == way[0], Lane.destination == way[1])
    tried: ColumnElement[bool] = or_(row.tries > 0, exists().where(*lane, Lane.since <= before))
    if way not in limits:
        tried = literal(value=True)
    condition = (
        is_late(), row.workspace == way[0], row.destination == way[1], row.owed_since <= before,
        or_(row.leased_until.is_(None), row.leased_until <= now), tried, ~exists().where(*lane, Lane.stopped_at.is_not(None)),
    )  # fmt: skip
    some = select(row.id).where(*condition).order_by(row.owed_since).limit(BATCH)
    changed = session.execute(
        update(row)
        .where(row.id.in_(session.scalars(some).all()), *condition)
        .values(state="dead", reason=func.substr(_why(way in limits, limit), 1, _REASON_MOST))
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[object]", changed).rowcount


def _why(named: bool, limit: timedelta) -> ColumnElement[str]:
    if not named:
        return literal("the settings name no such destination any more; name it again, then send this again")
    said = func.coalesce(literal("at last: ") + MessageRow.reason, "it was not reached at all")
    return literal(f"tried in vain for {limit.days} days; ") + said
