"""Mails that were remembered for the reports, and when they are forgotten."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from resign.notices.notice import MAIL
from resign.notices.tables import NoticeRow

_MOST = 500


def too_old(session: Session, days: Mapping[str, int], now: datetime) -> Sequence[int]:
    """Numbers of mails that are to be forgotten, the oldest first; `days` are each workspace's. Some hundreds at once."""
    ends = [
        and_(NoticeRow.workspace == workspace, NoticeRow.arrived_at < now - timedelta(days=kept))
        for workspace, kept in days.items()
    ]
    oldest = (
        select(NoticeRow.id).where(NoticeRow.verdict == MAIL).order_by(NoticeRow.id).limit(_MOST).subquery()
    )
    return session.scalars(
        select(NoticeRow.id).where(NoticeRow.id.in_(select(oldest.c.id)), or_(*ends))
    ).all()


def forget(session: Session, numbers: Sequence[int]) -> None:
    """The caller commits."""
    session.execute(delete(NoticeRow).where(NoticeRow.id.in_(numbers), NoticeRow.verdict == MAIL))
