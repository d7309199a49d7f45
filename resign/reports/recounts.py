"""Two rollups that are counted anew where something changed: answers to "why?", and mails after an opt-out.

Both tables are changed after their rows were written, so that no cursor would do; both are small, or change only at
their end.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, delete, func, insert, select
from sqlalchemy.orm import Session

from resign.ledger.tables import Reason
from resign.notices.tables import NoticeRow
from resign.reports.tables import RollupMailed, RollupReason
from resign.reports.zones import Zones

# An answer is changed within a day of its decision, and is then of the day of the change.
_MAY_CHANGE = timedelta(days=2)
_MAILED_AFTER = NoticeRow.verdict == "mailed-after"


@dataclass(frozen=True, slots=True)
class Recount:
    """Rows that take the place of those of `since` and later; `since` None means all."""

    table: type[RollupReason] | type[RollupMailed]
    since: date | None
    rows: list[dict[str, Any]]

    def write(self, session: Session) -> None:
        """The caller holds the rollups' turn, and commits."""
        session.execute(delete(self.table).where(_from(self.table, self.since)))
        if self.rows:
            session.execute(insert(self.table), self.rows)


def reasons(session: Session, counted_on: date | None) -> Recount | None:
    """None where nothing has changed. `counted_on` is the day (UTC) of the last count."""
    since = counted_on - _MAY_CHANGE if counted_on else None
    day = func.date(Reason.at, type_=Date)
    code = func.coalesce(Reason.code, "")
    query = select(Reason.workspace, day, code, func.count()).group_by(Reason.workspace, day, code)
    if since:
        query = query.where(Reason.at >= datetime(since.year, since.month, since.day, tzinfo=UTC))
    found = session.execute(query).all()
    names = ("workspace", "day", "code")
    return _changed(session, RollupReason, names, since, {(w, d, c): count for w, d, c, count in found})


def mailed(session: Session, zones: Zones) -> Recount | None:
    """None where nothing has changed: a verdict is final, so the number of them says so."""
    there = session.scalar(select(func.count()).select_from(NoticeRow).where(_MAILED_AFTER))
    if there == session.scalar(select(func.coalesce(func.sum(RollupMailed.count), 0))):
        return None
    query = select(NoticeRow.workspace, NoticeRow.at, NoticeRow.campaign).where(_MAILED_AFTER)
    counts = Counter(
        (workspace, zones.day_of(workspace, at), campaign or "")
        for workspace, at, campaign in session.execute(query)
    )
    return _changed(session, RollupMailed, ("workspace", "day", "campaign"), None, counts)


def _changed(
    session: Session,
    table: type[RollupReason] | type[RollupMailed],
    names: tuple[str, ...],
    since: date | None,
    counts: Mapping[tuple[Any, ...], int],
) -> Recount | None:
    columns = [table.__table__.c[name] for name in (*names, "count")]
    held = {tuple(key): count for *key, count in session.execute(select(*columns).where(_from(table, since)))}
    if held == dict(counts):
        return None
    rows = [{**dict(zip(names, key, strict=True)), "count": count} for key, count in sorted(counts.items())]
    return Recount(table, since, rows)


def _from(table: type[RollupReason] | type[RollupMailed], since: date | None) -> ColumnElement[bool]:
    return table.day >= since if since else and_(True)
