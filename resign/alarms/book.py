"""The book of what was told: compares it with what is seen, hands out what is to be told, notes what was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from resign.alarms.alarm import LEVELS, MEANINGS, Alarm
from resign.alarms.tables import AlarmRow
from resign.ids import new_id

_REPEATED = timedelta(hours=6)
_LEASE = timedelta(minutes=2)
_LOCK = 0x616C_726D  # any number, as long as nothing else in this database locks it


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing to be told, by whoever has it until its lease ends."""

    number: UUID
    what: str
    at: datetime
    name: str
    workspace: str
    level: str
    since: datetime

    def as_json(self) -> dict[str, object]:
        """No address, no token, no identifier of a person: it goes through systems that are not ours."""
        return {
            "type": f"alarm.{self.what}",
            "timestamp": self.at.isoformat(),
            "data": {
                "name": self.name, "workspace": self.workspace or None, "level": self.level,
                "since": self.since.isoformat(), "meaning": MEANINGS.get(self.name, ""),
            },
        }  # fmt: skip


def weigh(session: Session, seen: Iterable[Alarm], now: datetime) -> None:
    """Writes down what is to be told. The caller commits."""
    _alone(session)
    rows = {(row.name, row.workspace): row for row in session.scalars(select(AlarmRow))}
    for alarm in seen:
        row = rows.pop((alarm.name, alarm.workspace), None)
        if row is None:
            row = AlarmRow(name=alarm.name, workspace=alarm.workspace)
            session.add(row)
            what = "raised"
        else:
            what = _what(row, alarm, now)
        row.level, row.since = alarm.level, alarm.since
        if what:
            _plan(row, what, now)
    for row in rows.values():
        if row.told_at is None:
            session.delete(row)  # nobody ever heard of it
        elif row.pending != "cleared":
            _plan(row, "cleared", now)
    session.flush()


def _what(row: AlarmRow, alarm: Alarm, now: datetime) -> str:
    if row.pending == "cleared":
        return "raised"
    if alarm.urgency > LEVELS.index(row.level):
        return "raised" if row.pending == "raised" else "risen"
    if row.pending is None and row.told_at is not None and now - row.told_at >= _REPEATED:
        return "repeated"
    return ""


def _plan(row: AlarmRow, what: str, now: datetime) -> None:
    row.pending, row.pending_at, row.number, row.leased_until = what, now, new_id(), None


def take(session: Session, now: datetime) -> Telling | None:
    """One thing that nobody else is telling. The caller commits before it tells."""
    _alone(session)
    row = session.scalar(
        select(AlarmRow)
        .where(
            AlarmRow.pending.is_not(None),
            or_(AlarmRow.leased_until.is_(None), AlarmRow.leased_until <= now),
        )
        .order_by(AlarmRow.pending_at, AlarmRow.name, AlarmRow.workspace)
        .limit(1)
    )
    if row is None or row.pending is None or row.number is None or row.pending_at is None:
        return None
    row.leased_until = now + _LEASE
    session.flush()
    return Telling(row.number, row.pending, row.pending_at, row.name, row.workspace, row.level, row.since)


def told(session: Session, telling: Telling, now: datetime) -> None:
    """Unless something else is to be told of it by now. The caller commits."""
    this = (
        AlarmRow.name == telling.name,
        AlarmRow.workspace == telling.workspace,
        AlarmRow.number == telling.number,
    )
    if telling.what == "cleared":
        session.execute(delete(AlarmRow).where(*this))
        return
    session.execute(update(AlarmRow).where(*this).values(
        pending=None, pending_at=None, number=None, leased_until=None, told_at=now
    ))  # fmt: skip


def put_off(session: Session, telling: Telling, until: datetime) -> None:
    """It could not be told; somebody tries again from then on. The caller commits."""
    session.execute(
        update(AlarmRow).where(AlarmRow.number == telling.number).values(leased_until=until)
    )  # fmt: skip


def _alone(session: Session) -> None:
    """Two workers that weigh at once would both raise the same alarm. On SQLite the writer is alone anyway."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
