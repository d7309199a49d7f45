"""How far the rollups have come, and the turn of whoever writes next: one row that is changed only as it was read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, insert, select, update
from sqlalchemy.orm import Session

from resign.db import Table
from resign.reports.changes import inserting
from resign.reports.streams import DECISIONS, Gap, Read
from resign.reports.tables import (
    RollupCount,
    RollupGap,
    RollupMailed,
    RollupMark,
    RollupProgress,
    RollupReason,
    RollupTime,
    RollupZone,
    WatchedOptOut,
)

_ONLY = 1
# All that a rebuild empties. Bursts stay: people have judged them.
_COUNTED: tuple[type[Table], ...] = (
    RollupCount,
    RollupTime,
    RollupReason,
    RollupMailed,
    RollupMark,
    RollupGap,
    RollupZone,
    WatchedOptOut,
)


def begun(session: Session) -> RollupProgress:
    """Where counting stands. Detached: a picture of when it was read."""
    found = session.get(RollupProgress, _ONLY)
    return found or RollupProgress(id=_ONLY, version=0, decisions=0, attempts=0, notices=0)


def gaps_of(session: Session) -> dict[str, list[Gap]]:
    found: dict[str, list[Gap]] = {}
    for gap in session.scalars(select(RollupGap).order_by(RollupGap.stream, RollupGap.low)):
        found.setdefault(gap.stream, []).append(Gap(gap.low, gap.high, gap.noted_at, gap.horizon))
    return found


def take_turn(session: Session, version: int, **values: object) -> bool:
    """False where another has written since `version` was read: then nothing of what was looked up may be written.

    Held until the transaction ends, which is what makes two workers count everything once.
    """
    session.execute(inserting(session, RollupProgress).values(id=_ONLY).on_conflict_do_nothing())
    turn = (
        update(RollupProgress)
        .where(RollupProgress.id == _ONLY, RollupProgress.version == version)
        .values(version=version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[object]", session.execute(turn)).rowcount == 1


def note_gaps(session: Session, held: Mapping[str, Sequence[Gap]], reads: Mapping[str, Read]) -> None:
    for name, found in reads.items():
        if list(found.gaps) == list(held.get(name, ())):
            continue
        session.execute(delete(RollupGap).where(RollupGap.stream == name))
        rows: list[dict[str, Any]] = [
            {"stream": name, "low": g.low, "high": g.high, "noted_at": g.noted_at, "horizon": g.horizon}
            for g in found.gaps
        ]
        if rows:
            session.execute(insert(RollupGap), rows)


def forget_all(session: Session) -> None:
    """Everything is to be counted anew. The caller commits."""
    session.execute(inserting(session, RollupProgress).values(id=_ONLY).on_conflict_do_nothing())
    session.execute(
        update(RollupProgress).values(
            version=RollupProgress.version + 1,
            decisions=0,
            attempts=0,
            notices=0,
            reasons_day=None,
            counted_at=None,
        )
    )
    for table in _COUNTED:
        session.execute(delete(table))


def behind(session: Session) -> int:
    """How many decisions may not be in the figures yet: so many numbers have been handed out since."""
    last = session.scalar(select(func.max(DECISIONS.number))) or 0
    return max(0, last - begun(session).decisions)


def counted_at(session: Session) -> datetime | None:
    return begun(session).counted_at
