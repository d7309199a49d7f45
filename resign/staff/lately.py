"""Whether somebody did the same thing a moment ago: a page that is opened again and again is noted once."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.staff.roles import Staff
from resign.staff.tables import Deed

# Of one person's deeds so many are looked at, the newest: whoever did more in some minutes is noted once more.
_MOST = 50


def did_lately(
    session: Session, by: Staff, action: str, since: datetime, *, workspace: str, subject: str
) -> bool:
    row = Deed
    newest = (
        select(row.at, row.name, row.action)
        .where(row.subject == subject, row.workspace == workspace)
        .order_by(row.id.desc())
        .limit(_MOST)
    )
    return any(
        (each.name, each.action) == (by.name, action) and each.at >= since for each in session.execute(newest)
    )
