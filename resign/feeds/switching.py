"""What somebody does to a feed by hand: send now, pause, resume. The caller commits."""

from datetime import datetime

from sqlalchemy.orm import Session

from resign.feeds.lanes import SCHEDULED, standing

_MOST_NAME, _MOST_WHY = 64, 255


def send_now(session: Session, workspace: str, destination: str, now: datetime) -> bool:
    """Also the scheduled file, and whatever waits to be tried again. False where it is paused, or no worker has opened
    it yet: a file that is due and may not go would be late.
    """
    held = standing(session, workspace, destination)
    if held.feed is None or held.feed.stopped_at is not None:
        return False
    for lane in held.lanes.values():
        lane.again_at = None
        if lane.lane == SCHEDULED:
            lane.due_at = min(lane.due_at or now, now)
    return True


def stop_feed(session: Session, workspace: str, destination: str, by: str, why: str, now: datetime) -> bool:
    """False where it is paused already, or no worker has opened it yet."""
    feed = standing(session, workspace, destination).feed
    if feed is None or feed.stopped_at is not None:
        return False
    feed.stopped_at, feed.stopped_by, feed.stopped_why = now, by[:_MOST_NAME], why[:_MOST_WHY] or None
    return True


def resume_feed(session: Session, workspace: str, destination: str) -> bool:
    """False where it was not paused."""
    held = standing(session, workspace, destination)
    if held.feed is None or held.feed.stopped_at is None:
        return False
    held.feed.stopped_at = held.feed.stopped_by = held.feed.stopped_why = None
    for lane in held.lanes.values():
        lane.again_at = None
    return True
