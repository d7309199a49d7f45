"""Each destination in figures, for a page: what is owed, the oldest, the rate, its lanes. No count goes on for ever."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from resign.outbox.owed import late
from resign.outbox.tables import Attempt, Lane, MessageRow, is_dead, is_late, is_live

MOST = 10_000
# Looked through for what was told, what is not known there, and what was refused.
_LOOKED_AT = 10_000
# The newest attempts; where more were made within the hour, the hour says "more than".
_ATTEMPTS = 10_000
_UNKNOWN = "no-such-profile"


@dataclass(frozen=True, slots=True)
class Count:
    """With `more` there are more than that."""

    number: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One destination of one workspace. `oldest`: since when the oldest is owed that it should have taken."""

    workspace: str
    destination: str
    owed: Count = Count()
    unknown: Count = Count()
    accepted: Count = Count()
    dead: Count = Count()
    oldest: datetime | None = None
    minute: Count = Count()
    hour: Count = Count()
    lanes: Mapping[str, Lane] = field(default_factory=dict)

    @property
    def stopped(self) -> Lane | None:
        return next((lane for lane in self.lanes.values() if lane.stopped_at is not None), None)


def ways(session: Session, asked: Collection[tuple[str, str]], now: datetime) -> list[Way]:
    """These workspaces' destinations, in this order."""
    live, dead, lanes = _live(session), _dead(session), _lanes(session)
    oldest = {(each.workspace, each.destination): each.since for each in late(session)}
    minute, hour = (_told(session, now - span) for span in (timedelta(minutes=1), timedelta(hours=1)))
    return [
        Way(
            workspace=way[0],
            destination=way[1],
            owed=_owed(session, *way),
            unknown=live(way, "owed", unknown=True),
            accepted=live(way, "accepted"),
            dead=dead(way),
            oldest=oldest.get(way),
            minute=minute(way),
            hour=hour(way),
            lanes=lanes.get(way, {}),
        )
        for way in asked
    ]


def known_ways(session: Session) -> set[tuple[str, str]]:
    """Those that have a lane, or are owed anything."""
    return {(each.workspace, each.destination) for each in late(session)} | set(_lanes(session))


@dataclass(frozen=True, slots=True)
class _Sample:
    """What a bounded look came to; where it was not the whole, each of its counts is "more than"."""

    counts: Mapping[tuple[object, ...], int]
    more: bool

    def __call__(self, way: tuple[str, str], state: str = "", *, unknown: bool = False) -> Count:
        key = (*way, state, unknown) if state else way
        return Count(self.counts.get(key, 0), self.more)


def _owed(session: Session, workspace: str, destination: str) -> Count:
    some = (
        select(MessageRow.owed_since)
        .where(is_late(), MessageRow.workspace == workspace, MessageRow.destination == destination)
        .limit(MOST + 1)
    )
    found = session.scalar(select(func.count()).select_from(some.subquery())) or 0
    return Count(min(found, MOST), found > MOST)


def _live(session: Session) -> _Sample:
    row = MessageRow
    unknown = ((row.state == "owed") & row.owed_since.is_(None)).label("unknown")
    some = select(row.workspace, row.destination, row.state, unknown).where(is_live())
    part = some.limit(_LOOKED_AT).subquery()
    columns = (part.c.workspace, part.c.destination, part.c.state, part.c.unknown)
    counts: dict[tuple[object, ...], int] = {
        (workspace, destination, state, bool(is_unknown)): count
        for workspace, destination, state, is_unknown, count in session.execute(
            select(*columns, func.count()).group_by(*columns)
        )
    }
    return _Sample(counts, sum(counts.values()) >= _LOOKED_AT)


def _dead(session: Session) -> _Sample:
    return _by_way(session, is_dead(), _LOOKED_AT)


def _by_way(session: Session, condition: ColumnElement[bool], most: int) -> _Sample:
    some = select(MessageRow.workspace, MessageRow.destination).where(condition).limit(most).subquery()
    columns = (some.c.workspace, some.c.destination)
    counts: dict[tuple[object, ...], int] = {
        (workspace, destination): count
        for workspace, destination, count in session.execute(
            select(*columns, func.count()).group_by(*columns)
        )
    }
    return _Sample(counts, sum(counts.values()) >= most)


def _told(session: Session, since: datetime) -> _Sample:
    """The attempts' numbers are in the order of time, or nearly: no index over their times is needed."""
    newest = (
        select(Attempt.message_id, Attempt.at, Attempt.outcome)
        .order_by(Attempt.id.desc())
        .limit(_ATTEMPTS)
        .subquery()
    )
    columns = (MessageRow.workspace, MessageRow.destination)
    counts: dict[tuple[object, ...], int] = {
        (workspace, destination): count
        for workspace, destination, count in session.execute(
            select(*columns, func.count())
            .join(newest, newest.c.message_id == MessageRow.id)
            .where(newest.c.at > since, newest.c.outcome == "accepted")
            .group_by(*columns)
        )
    }
    within = session.scalar(select(func.count()).select_from(newest).where(newest.c.at > since)) or 0
    return _Sample(counts, within >= _ATTEMPTS)


def _lanes(session: Session) -> dict[tuple[str, str], dict[str, Lane]]:
    found: dict[tuple[str, str], dict[str, Lane]] = {}
    for lane in session.scalars(select(Lane)):
        found.setdefault((lane.workspace, lane.destination), {})[lane.phase] = lane
    return found
