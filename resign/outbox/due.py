"""Is there anything to do? Asked many times a second, so each question reads a page or two of a small index."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from resign.ledger.tables import Decision, is_owed
from resign.outbox.claim import Group, Way, on_the_way, to
from resign.outbox.tables import MessageRow, is_late, is_live


def any_owed(session: Session, workspaces: Collection[str]) -> bool:
    query = select(Decision.seq).where(is_owed(), Decision.workspace.in_(workspaces))
    return session.scalar(query.limit(1)) is not None


def any_due(
    session: Session,
    now: datetime,
    workspaces: Collection[str],
    *,
    closed: Collection[Way] = (),
    group: Group | None = None,
) -> bool:
    row = MessageRow
    query = select(row.id).where(
        is_late() if isinstance(group, tuple) else is_live(),
        to(group),
        row.workspace.in_(workspaces),
        row.due_at <= now,
        or_(row.leased_until.is_(None), row.leased_until <= now),
        ~on_the_way(closed),
    )
    return session.scalar(query.limit(1)) is not None


def strays(session: Session, workspaces: Collection[str]) -> set[str]:
    """Workspaces that something is owed for, but that no settings describe: kept, and told once they do."""
    owed = select(Decision.workspace).where(is_owed(), Decision.workspace.not_in(workspaces)).distinct()
    live = select(MessageRow.workspace).where(is_live(), MessageRow.workspace.not_in(workspaces))
    return {*session.scalars(owed), *session.scalars(live.distinct())}
