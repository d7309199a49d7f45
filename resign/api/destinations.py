"""`GET /api/v1/destinations`: what each is owed, since when, and what holds it up."""

from datetime import datetime
from typing import Literal

from flask import Response
from pydantic import Field

from resign.api.desk import desk, holder
from resign.api.model import Answered
from resign.api.taken import JSON
from resign.feeds.board import FeedShown, feed_shown
from resign.outbox.figures import Way, known_ways, ways
from resign.settings.destinations import FileTo

State = Literal["open", "paused", "held", "stopped"]


class DestinationShown(Answered):
    """How one destination does."""

    name: str = Field(description="Its name.")
    kind: Literal["messages", "files"] = Field(
        description="`messages`: Synerise and webhooks, which are told one decision at a time. `files`: feeds."
    )
    state: State = Field(
        description="`open`; `paused` by an outage that passes by itself, or by a file that was not taken; `held` until "
        "somebody mends it; `stopped` by hand."
    )
    why: str | None = Field(
        description="What it is held for, why its file was not taken, or why it was stopped."
    )
    since: datetime | None = Field(description="Since when it is not open.")
    owed: int = Field(description="How many decisions it has not taken yet; ten thousand means that or more.")
    oldest: datetime | None = Field(
        description="Since when the oldest of them is owed; of a feed the oldest that does not only wait for its schedule."
    )
    unconfirmed: int = Field(
        description="How many it has taken and was not read back for yet; of a feed always 0."
    )
    dead: int = Field(
        description="How many it refused for good: somebody must look. Of a feed always 0, because nothing is given up."
    )
    last_file_at: datetime | None = Field(description="When a feed's last file arrived.")
    next_file_at: datetime | None = Field(
        description="When a feed's next file is due by its schedule; opt-outs do not wait for it."
    )


class Destinations(Answered):
    """Synerise, every webhook, and every feed."""

    destinations: list[DestinationShown] = Field(description="By name.")


def list_destinations() -> Response:
    workspace = holder().workspace
    feeds = [to for to in desk().workspaces[workspace].destinations.values() if isinstance(to, FileTo)]
    with desk().database.reading() as session:
        there = {name for place, name in known_ways(session) if place == workspace}
        names = sorted({*desk().destinations.get(workspace, ()), *there})
        found = [
            *map(_way, ways(session, [(workspace, name) for name in names], desk().clock.now())),
            *(_feed(feed_shown(session, workspace, to)) for to in feeds),
        ]
    shown = Destinations(destinations=sorted(found, key=lambda each: each.name))
    return Response(shown.model_dump_json(), mimetype=JSON)


def _way(way: Way) -> DestinationShown:
    state, why, since = _standing(way)
    return DestinationShown(
        name=way.destination, kind="messages", state=state, why=why, since=since, owed=way.owed.number, oldest=way.oldest,
        unconfirmed=way.accepted.number, dead=way.dead.number, last_file_at=None, next_file_at=None,
    )  # fmt: skip


def _standing(way: Way) -> tuple[State, str | None, datetime | None]:
    if (stopped := way.stopped) is not None:
        return "stopped", stopped.stopped_why or None, stopped.stopped_at
    held = next((lane for lane in way.lanes.values() if lane.held_for), None)
    if held is not None:
        return "held", held.held_for, held.since
    paused = next((lane for lane in way.lanes.values() if lane.paused_until), None)
    return ("paused", None, paused.since) if paused is not None else ("open", None, None)


def _feed(feed: FeedShown) -> DestinationShown:
    state, why, since = _going(feed)
    return DestinationShown(
        name=feed.to.name, kind="files", state=state, why=why, since=since, owed=feed.owed, oldest=feed.oldest,
        unconfirmed=0, dead=0, last_file_at=feed.last.at if feed.last else None, next_file_at=feed.next_at,
    )  # fmt: skip


def _going(feed: FeedShown) -> tuple[State, str | None, datetime | None]:
    if (stopped := feed.stopped) is not None:
        return "stopped", stopped.stopped_why or None, stopped.stopped_at
    return ("paused", feed.says, feed.oldest) if feed.says else ("open", None, None)
