"""Is there anything to do? Asked many times a second, so each question reads a page or two of a small index."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from resign.ledger.tables import Decision
from resign.outbox.claim import Way, on_the_way
from resign.outbox.tables import LIVE, MessageRow


def any_owed(session: Session, workspaces: Collection[str]) -> bool:
    query = select(Decision.seq).where(Decision.owed, Decision.workspace.in_(workspaces))
    return session.scalar(query.limit(1)) is not None


def any_due(
    session: Session, now: datetime, workspaces: Collection[str], *, closed: Collection[Way] = ()
) -> bool:
    row = MessageRow
    query = select(row.id).where(
        row.state.in_(LIVE),
        row.workspace.in_(workspaces),
        row.due_at <= now,
        or_(row.leased_until.is_(None), row.leased_until <= now),
        ~on_the_way(closed),
    )
    return session.scalar(query.limit(1)) is not None


def strays(session: Session, workspaces: Collection[str]) -> set[str]:
    """Workspaces that something is owed for, but that no settings describe: kept, and told once they do."""
    owed = select(Decision.workspace).where(Decision.owed, Decision.workspace.not_in(workspaces)).distinct()
    live = select(MessageRow.workspace).where(
        MessageRow.state.in_(LIVE), MessageRow.workspace.not_in(workspaces)
    )
    return {*session.scalars(owed), *session.scalars(live.distinct())}
