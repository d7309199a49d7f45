"""Which destination beside Synerise is in trouble, by name: an alarm says only that there is one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from resign.alarms.named import Named, is_named
from resign.alarms.seen import ELSEWHERE, LATE
from resign.feeds.shown import late_feeds, stopped_feeds
from resign.outbox.owed import held_lanes, late, stopped_lanes
from resign.outbox.tables import leads_to_synerise

# stopped: by hand. held: somebody must mend something. late: something should have arrived by now. paused: it does not
# answer, or did not take its last file, and is tried again by itself.
Stands = Literal["stopped", "held", "late", "paused"]
Takes = Literal["messages", "files"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """`why` and `by` are words of an adapter, or of whoever paused it: for those who look after it, and not for strangers."""

    workspace: str
    destination: str
    takes: Takes
    stands: Stands
    since: datetime | None
    why: str = ""
    by: str = ""


def troubles(session: Session, now: datetime, named: Named) -> list[Trouble]:
    """One for each destination: what a person did or must do goes before what passes by itself. Small reads."""
    found: dict[tuple[str, str], Trouble] = {}
    for each in (*_stopped(session), *_held(session), *_late(session, now), *_paused(session)):
        if is_named(each.workspace, each.destination, named):
            found.setdefault((each.workspace, each.destination), each)
    return sorted(found.values(), key=lambda each: (each.workspace, each.destination))


def _stopped(session: Session) -> Iterator[Trouble]:
    for each in stopped_lanes(session):
        if not leads_to_synerise(each.destination):
            yield Trouble(
                each.workspace, each.destination, "messages", "stopped", each.stopped_at,
                each.stopped_why or "", each.stopped_by or "",
            )  # fmt: skip
    for feed in stopped_feeds(session):
        yield Trouble(
            feed.workspace, feed.destination, "files", "stopped", feed.since, feed.why or "", feed.by or ""
        )


def _held(session: Session) -> Iterator[Trouble]:
    for each in held_lanes(session):
        if each.held_for and not leads_to_synerise(each.destination):
            yield Trouble(each.workspace, each.destination, "messages", "held", each.since, each.held_for)


def _late(session: Session, now: datetime) -> Iterator[Trouble]:
    for each in late(session):
        if not leads_to_synerise(each.destination) and now - each.since >= ELSEWHERE[-1][0]:
            yield Trouble(each.workspace, each.destination, "messages", "late", each.since)
    for feed in late_feeds(session):
        if now - feed.since >= LATE[-1][0]:
            yield Trouble(feed.workspace, feed.destination, "files", "late", feed.since, feed.says or "")


def _paused(session: Session) -> Iterator[Trouble]:
    for each in held_lanes(session):
        if not leads_to_synerise(each.destination):
            yield Trouble(each.workspace, each.destination, "messages", "paused", each.since)
    for feed in late_feeds(session):
        if feed.says:
            yield Trouble(feed.workspace, feed.destination, "files", "paused", feed.since, feed.says)
