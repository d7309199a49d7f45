"""Mails that were remembered for the reports, and when they are forgotten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from resign.notices.notice import MAIL
from resign.notices.tables import NoticeRow

_MOST = 500


@dataclass(frozen=True, slots=True)
class Page:
    """Some mails in the order in which they came: the numbers of those that are to be forgotten, and where the next
    page begins, to be given as `after`. Zero is from the start, where none behind these can be old enough.
    """

    too_old: Sequence[int]
    next: int


def page(session: Session, days: Mapping[str, int], now: datetime, *, after: int) -> Page:
    """`days` are each workspace's; one that the settings do not name keeps its mails. Whatever one of them keeps
    longer must not hide what another has to forget.
    """
    rows = session.execute(
        select(NoticeRow.id, NoticeRow.workspace, NoticeRow.arrived_at)
        .where(NoticeRow.verdict == MAIL, NoticeRow.id > after)
        .order_by(NoticeRow.id)
        .limit(_MOST)
    ).all()
    ends = {workspace: now - timedelta(days=kept) for workspace, kept in days.items()}
    old = [number for number, workspace, at in rows if workspace in ends and at < ends[workspace]]
    goes_on = len(rows) == _MOST and rows[-1].arrived_at < max(ends.values(), default=now)
    return Page(old, rows[-1].id if goes_on else 0)


def forget(session: Session, numbers: Sequence[int]) -> None:
    """The caller commits."""
    session.execute(delete(NoticeRow).where(NoticeRow.id.in_(numbers), NoticeRow.verdict == MAIL))
