"""That shipped pages stand in for a published theme's: noted by each web process that sees it, for those who raise alarms."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from resign.themes.tables import ThemeTrouble

# Web processes note it once a minute. Where one has not for this long, all are well again, or none runs.
_OVER_AFTER = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Troubled:
    workspace: str
    since: datetime


def note(session: Session, workspaces: Iterable[str], now: datetime) -> None:
    """The caller commits."""
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    for workspace in sorted(workspaces):
        insert = dialect.insert(ThemeTrouble).values(workspace=workspace, since=now, seen_at=now)
        begins = case((ThemeTrouble.seen_at < now - _OVER_AFTER, now), else_=ThemeTrouble.since)
        session.execute(
            insert.on_conflict_do_update(index_elements=["workspace"], set_={"since": begins, "seen_at": now})
        )


def troubled(session: Session, now: datetime) -> Sequence[Troubled]:
    """The workspaces whose theme is not shown as it was published, and since when."""
    rows = session.execute(
        select(ThemeTrouble.workspace, ThemeTrouble.since)
        .where(ThemeTrouble.seen_at >= now - _OVER_AFTER)
        .order_by(ThemeTrouble.workspace)
    )
    return [Troubled(*row) for row in rows]
