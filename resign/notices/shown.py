"""What became of Synerise's events, in figures, and the mails that went out after a confirmed opt-out."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resign.notices.tables import NoticeRow, is_unweighed


def counts(session: Session) -> Sequence[tuple[str, str, str, int]]:
    """Workspace, action, verdict (`waiting` where there is none yet) and how many."""
    row = NoticeRow
    verdict = func.coalesce(row.verdict, "waiting")
    query = select(row.workspace, row.action, verdict, func.count()).group_by(
        row.workspace, row.action, verdict
    )
    found = session.execute(query.order_by(row.workspace, row.action, verdict))
    return [(workspace, action, what, count) for workspace, action, what, count in found]


def mailed_after(session: Session, most: int = 100) -> Sequence[NoticeRow]:
    """The newest first."""
    query = select(NoticeRow).where(NoticeRow.verdict == "mailed-after")
    return session.scalars(query.order_by(NoticeRow.id.desc()).limit(most)).all()


def oldest_waiting(session: Session) -> datetime | None:
    """When the oldest notice arrived that has not been weighed yet; None where there is none."""
    return session.scalar(select(func.min(NoticeRow.arrived_at)).where(is_unweighed()))
