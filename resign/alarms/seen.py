"""Looks what there is to be alarmed about now. A few small reads, whatever is owed: pages ask it every time."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resign.alarms.alarm import Alarm, Level
from resign.alarms.named import Named, named_lanes
from resign.feeds.shown import late_feeds, stopped_feeds
from resign.notices.shown import oldest_waiting
from resign.outbox.dead import oldest_that_hold
from resign.outbox.heartbeat import last_beat
from resign.outbox.owed import held_lanes, late, stopped_lanes, waiting
from resign.outbox.tables import leads_to_synerise
from resign.reconcile.tables import Reconciliation
from resign.themes.troubled import troubled

# Mailbox providers allow 48 hours in all.
LATE: tuple[tuple[timedelta, Level], ...] = (
    (timedelta(hours=24), "critical"),
    (timedelta(hours=1), "warning"),
    (timedelta(minutes=5), "notice"),
)
ELSEWHERE: tuple[tuple[timedelta, Level], ...] = (
    (timedelta(hours=24), "warning"),
    (timedelta(hours=1), "notice"),
)
# A theme that could not be put on is tried again meanwhile.
_WAITING = _SILENT = _BARE = timedelta(minutes=2)
_STOPPED = timedelta(hours=1)
_UNWEIGHED = timedelta(hours=1)
_PAUSES = 3


def alarms(session: Session, now: datetime, named: Named) -> list[Alarm]:
    """The most urgent first; of one name and workspace only one."""
    found: dict[tuple[str, str], Alarm] = {}
    for alarm in (
        *_late(session, now),
        *_elsewhere(session, now),
        *_waiting(session, now),
        *_silent(session, now),
        *_lanes(session, now, named),
        *_dead(session),
        *_unweighed(session, now),
        *_unread(session),
        *_themes(session, now),
    ):
        other = found.get((alarm.name, alarm.workspace))
        if other is None or (alarm.urgency, other.since) > (other.urgency, alarm.since):
            found[alarm.name, alarm.workspace] = alarm
    return sorted(
        found.values(), key=lambda alarm: (-alarm.urgency, alarm.since, alarm.name, alarm.workspace)
    )


def _late(session: Session, now: datetime) -> Iterator[Alarm]:
    oldest = [(each.workspace, each.since) for each in late(session) if leads_to_synerise(each.destination)]
    oldest += [(each.workspace, each.since) for each in waiting(session)]
    for workspace, since in oldest:
        level = next((level for age, level in LATE if now - since >= age), None)
        if level is not None:
            yield Alarm("late", workspace, level, since)


def _elsewhere(session: Session, now: datetime) -> Iterator[Alarm]:
    """Of a webhook never critical: nobody is mailed by Synerise because it has not heard. A file may be another sender's."""
    for feed in late_feeds(session):
        level = next((level for age, level in LATE if now - feed.since >= age), None)
        if level is not None:
            yield Alarm("elsewhere", feed.workspace, level, feed.since)
    for each in late(session):
        level = next((level for age, level in ELSEWHERE if now - each.since >= age), None)
        if level is not None and not leads_to_synerise(each.destination):
            yield Alarm("elsewhere", each.workspace, level, each.since)


def _waiting(session: Session, now: datetime) -> Iterator[Alarm]:
    for each in waiting(session):
        if now - each.since >= _WAITING:
            yield Alarm("waiting", each.workspace, "warning", each.since)


def _silent(session: Session, now: datetime) -> Iterator[Alarm]:
    """Where no worker has ever run, nothing is said: `waiting` speaks as soon as there is something to do."""
    beat = last_beat(session)
    if beat is not None and now - beat >= _SILENT:
        yield Alarm("silent", "", "warning", beat)


def _lanes(session: Session, now: datetime, named: Named) -> Iterator[Alarm]:
    for lane in named_lanes(held_lanes(session), named):
        if lane.held_for:
            yield Alarm("held", lane.workspace, "warning", lane.since or now)
    for lane in named_lanes(stopped_lanes(session), named):
        if lane.stopped_at is not None and now - lane.stopped_at >= _STOPPED:
            yield Alarm("stopped", lane.workspace, "warning", lane.stopped_at)
    for feed in stopped_feeds(session):
        if now - feed.since >= _STOPPED:
            yield Alarm("stopped", feed.workspace, "warning", feed.since)


def _dead(session: Session) -> Iterator[Alarm]:
    for workspace, since in oldest_that_hold(session):
        yield Alarm("dead", workspace, "warning", since)


def _unweighed(session: Session, now: datetime) -> Iterator[Alarm]:
    oldest = oldest_waiting(session)
    if oldest is not None and now - oldest >= _UNWEIGHED:
        yield Alarm("unweighed", "", "warning" if now - oldest >= timedelta(days=1) else "notice", oldest)


def _unread(session: Session) -> Iterator[Alarm]:
    """The newest comparison of a workspace waits for an answer in vain, or got none about most people."""
    newest = select(func.max(Reconciliation.id)).group_by(Reconciliation.workspace)
    for run in session.scalars(select(Reconciliation).where(Reconciliation.id.in_(newest))):
        if (run.finished_at is None and run.pauses >= _PAUSES) or run.unread * 2 > run.looked:
            yield Alarm("unread", run.workspace, "notice", run.started_at)


def _themes(session: Session, now: datetime) -> Iterator[Alarm]:
    for each in troubled(session, now):
        if now - each.since >= _BARE:
            yield Alarm("theme", each.workspace, "warning", each.since)
