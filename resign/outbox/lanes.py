"""The lanes' breaker: an outage pauses a lane, a wrong key holds it, and one message at a time finds out if it is over.

Without it, 100,000 messages would each wait for their own time-out during an outage, and each for their own
backoff after it. With it, the first that gets through opens the lane and makes all that waited due at once.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from resign.outbox.claim import PHASES, Way
from resign.outbox.settle import Finished
from resign.outbox.tables import Lane, MessageRow

log = logging.getLogger(__name__)

# So many failures in a row, with not one success between them, are the destination's and not a message's.
_FAILURES_TO_PAUSE = 3
_PAUSE_MOST = timedelta(seconds=30)
_HELD_PROBE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class LaneStates:
    """What may be claimed now: nothing of the `closed` ones, one message of each of the `probing` ones."""

    closed: tuple[Way, ...]
    probing: tuple[Way, ...]


def lane_states(session: Session, now: datetime) -> LaneStates:
    shut = or_(Lane.paused_until.is_not(None), Lane.stopped_at.is_not(None))
    ways = {
        (lane.workspace, lane.destination, lane.phase): lane
        for lane in session.scalars(select(Lane).where(shut))
    }
    return LaneStates(
        closed=tuple(ways),
        # Not even one message goes into a lane that is paused by hand.
        probing=tuple(
            way
            for way, lane in ways.items()
            if lane.stopped_at is None and lane.paused_until is not None and lane.paused_until <= now
        ),
    )


def note_lanes(session: Session, finished: Iterable[Finished], now: datetime) -> None:
    """Opens, pauses or holds the lanes that these attempts travelled. The caller commits."""
    by_way: dict[Way, list[Finished]] = {}
    for done in finished:
        by_way.setdefault(done.claimed.way, []).append(done)
    for way, attempts in sorted(by_way.items()):
        lane = session.get(Lane, way)
        held = [done for done in attempts if done.verdict.lane == "held"]
        # One success says that the key is good: then a refusal is about its message alone.
        if any(done.verdict.lane == "works" for done in attempts):
            if lane is not None and lane.failures:
                _open(session, way, lane, now)
        elif held:
            _hold(session, way, lane, held[0].verdict.reason, now)
        else:
            _pause(session, way, lane, attempts, now)


def _hold(session: Session, way: Way, lane: Lane | None, reason: str, now: datetime) -> None:
    if lane is None or lane.held_for != reason:
        log.error("A lane is held until somebody mends it: %s", reason, extra=_fields(way))
    since = lane.since if lane is not None and lane.held_for and lane.since else now
    _write(session, way, {
        "failures": 1, "paused_until": now + _HELD_PROBE, "held_for": reason[:255], "since": since,
    })  # fmt: skip


def _pause(session: Session, way: Way, lane: Lane | None, attempts: list[Finished], now: datetime) -> None:
    failures = (lane.failures if lane is not None else 0) + len(attempts)
    asked = max((done.verdict.pause for done in attempts if done.verdict.pause), default=None)
    pause = asked or (
        min(timedelta(seconds=2 ** min(failures - _FAILURES_TO_PAUSE, 6)), _PAUSE_MOST)
        if failures >= _FAILURES_TO_PAUSE
        else None
    )
    since = lane.since if lane is not None and lane.since else now
    if pause is not None and (lane is None or lane.paused_until is None):
        log.warning("A lane is paused: %s", attempts[-1].verdict.outcome, extra=_fields(way))
    _write(session, way, {
        "failures": failures, "paused_until": now + pause if pause else None, "held_for": None, "since": since,
    })  # fmt: skip


def _open(session: Session, way: Way, lane: Lane, now: datetime) -> None:
    if lane.paused_until is not None:
        log.info("A lane is open again", extra=_fields(way))
    _write(session, way, {"failures": 0, "paused_until": None, "held_for": None, "since": None})
    state = next(state for state, phase in PHASES.items() if phase == way[2])
    session.execute(
        update(MessageRow)
        .where(
            MessageRow.workspace == way[0],
            MessageRow.destination == way[1],
            MessageRow.state == state,
            MessageRow.outcome.in_(("misconfigured", "unreachable")),
            MessageRow.due_at > now,
        )
        .values(due_at=now)
        .execution_options(synchronize_session=False)
    )


def stop(session: Session, workspace: str, destination: str, by: str, why: str, now: datetime) -> None:
    """Pauses both ways to a destination by hand. The caller commits.

    Nothing is lost by it: opt-outs go on being recorded and fanned out, and wait. What is under way is finished.
    One that is paused already keeps its beginning, or its reminder would never come.
    """
    for phase in PHASES.values():
        way = (workspace, destination, phase)
        lane = session.get(Lane, way)
        since = lane.stopped_at if lane is not None and lane.stopped_at is not None else now
        _write(session, way, {"stopped_at": since, "stopped_by": by[:64], "stopped_why": why[:255]})


def resume(session: Session, workspace: str, destination: str) -> bool:
    """Ends a pause by hand; False where there was none. The caller commits."""
    resumed = session.execute(
        update(Lane)
        .where(
            Lane.workspace == workspace, Lane.destination == destination, Lane.stopped_at.is_not(None)
        )
        .values(stopped_at=None, stopped_by=None, stopped_why=None)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return bool(cast("CursorResult[object]", resumed).rowcount)


def _write(session: Session, way: Way, values: dict[str, Any]) -> None:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = dialect.insert(Lane).values(workspace=way[0], destination=way[1], phase=way[2], **values)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["workspace", "destination", "phase"], set_=values
        ).execution_options(populate_existing=True)
    )
    session.expire_all()


def _fields(way: Way) -> dict[str, str]:
    return {"workspace": way[0], "destination": way[1], "phase": way[2]}
