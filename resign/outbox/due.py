"""Is there anything to do? Asked many times a second, so each question reads a page or two of a small index."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from resign.ledger.tables import Decision
from resign.outbox.claim import Way, on_the_way
from resign.outbox.tables import LIVE, MessageRow

_ANY_OWED = select(Decision.seq).where(Decision.owed).limit(1)


def any_owed(session: Session) -> bool:
    return session.scalar(_ANY_OWED) is not None


def any_due(session: Session, now: datetime, *, closed: Collection[Way] = ()) -> bool:
    row = MessageRow
    query = select(row.id).where(
        row.state.in_(LIVE),
        row.due_at <= now,
        or_(row.leased_until.is_(None), row.leased_until <= now),
        ~on_the_way(closed),
    )
    return session.scalar(query.limit(1)) is not None
