"""The lanes to Synerise that are closed at this moment, and whether a person must mend something or wait."""

from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from resign.db import Database
from resign.doctor.finding import Finding
from resign.doctor.shown import shown
from resign.doctor.storage import is_there
from resign.outbox.owed import held_lanes, stopped_lanes
from resign.outbox.tables import Lane, leads_to_synerise
from resign.settings import Workspace


def examine_lanes(workspace: Workspace, database: Database) -> Iterator[Finding]:
    if not is_there(database):
        return
    try:
        with database.reading() as session:
            lanes = [lane for lane in held_lanes(session) if _is_ours(lane, workspace)]
            stopped = [lane for lane in stopped_lanes(session) if _is_ours(lane, workspace)]
    except (SQLAlchemyError, OSError):
        return  # what ails the storage has been said already
    for lane in sorted(lanes, key=lambda lane: (lane.destination, lane.phase)):
        since = f" since {lane.since:%Y-%m-%d %H:%M} UTC" if lane.since else ""
        name = f"the lane {lane.destination} {lane.phase}"
        if lane.held_for:
            yield Finding("ill", f"{name} is held{since}", lane.held_for)
        else:
            yield Finding(
                "mind", f"{name} is paused{since}",
                "it does not answer; what is owed is kept, and told when it does",
            )  # fmt: skip
    for lane in (lane for lane in stopped if lane.phase == "tell"):
        yield Finding(
            "mind", f"the lane {lane.destination} is paused by hand since {lane.stopped_at:%Y-%m-%d %H:%M} UTC",
            f"by {shown(lane.stopped_by or '?')}: {shown(lane.stopped_why or 'no reason was given')}; "
            f"`resign outbox resume {lane.workspace} {lane.destination}` ends it",
        )  # fmt: skip


def _is_ours(lane: Lane, workspace: Workspace) -> bool:
    return lane.workspace == workspace.name and leads_to_synerise(lane.destination)
