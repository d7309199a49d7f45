"""`GET /api/v1/destinations`: what each is owed, since when, and what holds it up."""

from datetime import datetime
from typing import Literal

from flask import Response
from pydantic import Field

from resign.api.desk import desk, holder
from resign.api.model import Answered
from resign.api.taken import JSON
from resign.outbox.figures import Way, known_ways, ways

State = Literal["open", "paused", "held", "stopped"]


class DestinationShown(Answered):
    """How one destination does."""

    name: str = Field(description="Its name.")
    state: State = Field(
        description="`open`; `paused` by an outage that passes by itself; `held` until somebody mends it; `stopped` by hand."
    )
    why: str | None = Field(description="What it is held for, or why it was stopped.")
    since: datetime | None = Field(description="Since when it is not open.")
    owed: int = Field(description="How many decisions it has not taken yet; ten thousand means that or more.")
    oldest: datetime | None = Field(description="Since when the oldest of them is owed.")
    unconfirmed: int = Field(description="How many it has taken and was not read back for yet.")
    dead: int = Field(description="How many it refused for good: somebody must look.")


class Destinations(Answered):
    """Synerise, and every webhook. Feeds, which get files, are not among them."""

    destinations: list[DestinationShown] = Field(description="By name.")


def list_destinations() -> Response:
    workspace = holder().workspace
    with desk().database.reading() as session:
        there = {name for place, name in known_ways(session) if place == workspace}
        names = sorted({*desk().destinations.get(workspace, ()), *there})
        found = ways(session, [(workspace, name) for name in names], desk().clock.now())
    return Response(
        Destinations(destinations=[_shown(way) for way in found]).model_dump_json(), mimetype=JSON
    )


def _shown(way: Way) -> DestinationShown:
    state, why, since = _standing(way)
    return DestinationShown(
        name=way.destination, state=state, why=why, since=since, owed=way.owed.number, oldest=way.oldest,
        unconfirmed=way.accepted.number, dead=way.dead.number,
    )  # fmt: skip


def _standing(way: Way) -> tuple[State, str | None, datetime | None]:
    if (stopped := way.stopped) is not None:
        return "stopped", stopped.stopped_why or None, stopped.stopped_at
    held = next((lane for lane in way.lanes.values() if lane.held_for), None)
    if held is not None:
        return "held", held.held_for, held.since
    paused = next((lane for lane in way.lanes.values() if lane.paused_until), None)
    return ("paused", None, paused.since) if paused is not None else ("open", None, None)
