"""The lanes of one feed as they stand, and what is owed in each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resign.feeds.cells import Cells
from resign.feeds.rows import Wanted
from resign.feeds.tables import Feed, FeedLane
from resign.ledger.tables import Decision
from resign.settings.destinations import FileTo

Lane = Literal["opt-outs", "scheduled", "changes"]
OPT_OUTS, SCHEDULED, CHANGES = cast("tuple[Lane, ...]", ("opt-outs", "scheduled", "changes"))


@dataclass(frozen=True, slots=True)
class Standing:
    """`lanes` by name; of a feed that has never been opened there is nothing."""

    feed: Feed | None
    lanes: Mapping[str, FeedLane]


def lanes_of(to: FileTo) -> tuple[Lane, ...]:
    return (CHANGES,) if to.schedule is None else (OPT_OUTS, SCHEDULED)


def standing(session: Session, workspace: str, destination: str) -> Standing:
    rows = select(FeedLane).where(FeedLane.workspace == workspace, FeedLane.destination == destination)
    return Standing(
        session.get(Feed, (workspace, destination)), {row.lane: row for row in session.scalars(rows)}
    )


def is_whole(to: FileTo, lane: str) -> bool:
    """Whether its files tell everybody's state, not what is new."""
    return lane == SCHEDULED and to.content != "changes"


def wanted(
    to: FileTo, workspace: str, row: FeedLane, lanes: Mapping[str, FeedLane], top: int, told: int = 0
) -> Wanted:
    """What a file of the lane holds; `lanes` are all of the feed's."""
    whole = is_whole(to, row.lane)
    return Wanted(
        workspace=workspace,
        after=0 if whole else row.seen,
        top=top,
        told=0 if whole else told,
        heard=_heard(row, lanes),
        agreements=to.agreements,
        # A whole list is one: whoever left by that system would be missing in it. It takes the place of what the system
        # holds, so that whoever leaves there while it is on its way would be in again.
        origin=to.name if to.content == "changes" else None,
        only_outs=row.lane == OPT_OUTS or to.content == "suppression",
        hashes=to.address if whole and to.address != "plain" else None,
        fields=Cells(to.columns, to.values, to.address).fields,
    )


def _heard(row: FeedLane, lanes: Mapping[str, FeedLane]) -> int:
    """Up to which decision files may have told opt-ins by now: what this one tells is not among them."""
    if row.lane != OPT_OUTS:
        return row.seen
    scheduled = lanes[SCHEDULED]
    return max(scheduled.seen, scheduled.top or 0)


def last_decision(session: Session) -> int:
    return session.scalar(select(func.max(Decision.seq))) or 0


def first_owed(session: Session, what: Wanted) -> datetime | None:
    """When the first of what is to be told was decided; None where there is nothing."""
    d = Decision.__table__.c
    query = select(d.at).where(what.where()).order_by(d.seq).limit(1)
    found = (session.execute(query, window).first() for window in what.windows())
    return next((first.at for first in found if first), None)


def how_many(session: Session, what: Wanted, most: int) -> int:
    """Decisions that the next file is made of, counted up to `most`; of one person's only the newest will be in it."""
    d = Decision.__table__.c
    query = select(func.count()).select_from(select(d.seq).where(what.where()).limit(most).subquery())
    count = 0
    for window in what.windows():
        count += session.scalar(query, window) or 0
        if count >= most:
            return most
    return count


def named(feed: str, lane: str, to: FileTo, number: int) -> str:
    """The name of a file: the same when it is tried again, and never that of another one."""
    kind = to.content if lane == SCHEDULED else lane
    return f"{feed}-{to.name}-{kind}-{number:08d}.{to.format}"


def open_lanes(session: Session, to: FileTo, workspace: str, now: datetime, due: datetime | None) -> None:
    """The feed and its lanes, where they are not there yet. After another schedule nothing is left out: each lane begins
    where the one that had come least far stood.
    """
    held = standing(session, workspace, to.name)
    if held.feed is None:
        session.add(Feed(workspace=workspace, destination=to.name))
    else:
        held.feed.gone_at = None
    seen = min((row.seen for row in held.lanes.values()), default=0)
    files = max((row.files + 1 for row in held.lanes.values()), default=0)
    names: Sequence[str] = lanes_of(to)
    for name, row in held.lanes.items():
        if name not in names:
            session.delete(row)
    for name in names:
        if name not in held.lanes:
            due_at = due if name == SCHEDULED else None
            session.add(FeedLane(
                workspace=workspace, destination=to.name, lane=name, since=now, seen=seen, files=files, due_at=due_at,
            ))  # fmt: skip
    session.flush()
