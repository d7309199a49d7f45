"""How feeds stand, from their own tables: for alarms, metrics and pages. Small reads, however much is owed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resign.feeds.tables import Feed, FeedFile, FeedLane


@dataclass(frozen=True, slots=True)
class LateFeed:
    """Something that should have arrived by now; `says` is why its file was not taken, where it was tried."""

    workspace: str
    destination: str
    since: datetime
    says: str | None = None


@dataclass(frozen=True, slots=True)
class StoppedFeed:
    workspace: str
    destination: str
    since: datetime
    by: str | None = None
    why: str | None = None


def late_feeds(session: Session) -> list[LateFeed]:
    """The oldest of each feed. What only waits for its schedule is not late."""
    lane = FeedLane
    query = (
        select(lane.workspace, lane.destination, func.min(lane.owed_since), func.max(lane.says))
        .join(Feed, (Feed.workspace == lane.workspace) & (Feed.destination == lane.destination))
        .where(lane.owed_since.is_not(None), Feed.gone_at.is_(None))
        .group_by(lane.workspace, lane.destination)
        .order_by(lane.workspace, lane.destination)
    )
    return [
        LateFeed(workspace, name, since, says)
        for workspace, name, since, says in session.execute(query)
        if since
    ]


def stopped_feeds(session: Session) -> list[StoppedFeed]:
    """Those that somebody has paused by hand."""
    query = (
        select(Feed.workspace, Feed.destination, Feed.stopped_at, Feed.stopped_by, Feed.stopped_why)
        .where(Feed.stopped_at.is_not(None), Feed.gone_at.is_(None))
        .order_by(Feed.workspace, Feed.destination)
    )
    return [
        StoppedFeed(row.workspace, row.destination, row.stopped_at, row.stopped_by, row.stopped_why)
        for row in session.execute(query)
        if row.stopped_at
    ]


def last_file(session: Session, workspace: str, destination: str) -> FeedFile | None:
    of_it = (FeedFile.workspace == workspace, FeedFile.destination == destination)
    return session.scalar(select(FeedFile).where(*of_it).order_by(FeedFile.id.desc()).limit(1))
