"""One feed as people look at it: what is owed, since when, the last file, the next time, and what is wrong."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from resign.feeds.lanes import SCHEDULED, how_many, is_whole, last_decision, standing, wanted
from resign.feeds.shown import last_file
from resign.feeds.tables import Feed, FeedFile
from resign.settings.destinations import FileTo

MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class FeedShown:
    """`owed` are decisions, counted up to MOST_COUNTED; `oldest` is of what should have arrived by now; until a worker
    has `opened` it there is nothing that could be switched.
    """

    workspace: str
    to: FileTo
    owed: int
    oldest: datetime | None
    last: FeedFile | None
    next_at: datetime | None
    again_at: datetime | None
    says: str | None
    opened: bool
    stopped: Feed | None


def feed_shown(session: Session, workspace: str, to: FileTo) -> FeedShown:
    held = standing(session, workspace, to.name)
    lanes = list(held.lanes.values())
    top = last_decision(session)
    # As when a file is planned: opt-outs that have arrived are not in the scheduled file once more.
    told = max((lane.seen for lane in lanes), default=0)
    owed = max(
        (
            how_many(session, wanted(to, workspace, lane, held.lanes, top, told), MOST_COUNTED)
            for lane in lanes
            if not is_whole(to, lane.lane)
        ),
        default=0,
    )
    trouble = next((lane for lane in lanes if lane.says), None)
    feed = held.feed
    return FeedShown(
        workspace=workspace,
        to=to,
        owed=owed,
        oldest=min((lane.owed_since for lane in lanes if lane.owed_since), default=None),
        last=last_file(session, workspace, to.name),
        next_at=next((lane.due_at for lane in lanes if lane.lane == SCHEDULED), None),
        again_at=trouble.again_at if trouble else None,
        says=trouble.says if trouble else None,
        opened=feed is not None,
        stopped=feed if feed is not None and feed.stopped_at is not None else None,
    )
