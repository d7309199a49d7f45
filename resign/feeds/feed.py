"""Drives one feed: a chore of the worker's. Moves on in the ledger only when the file has safely arrived."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from resign.clock import Clock
from resign.db import Database
from resign.feeds import progress
from resign.feeds.cells import Cells
from resign.feeds.lanes import (
    SCHEDULED,
    Standing,
    first_owed,
    is_whole,
    lanes_of,
    last_decision,
    named,
    open_lanes,
    standing,
    wanted,
)
from resign.feeds.rows import Wanted
from resign.feeds.schedule import next_due
from resign.feeds.sinks.contract import NotTaken, Sink
from resign.feeds.spool import spooled
from resign.feeds.tables import FeedLane
from resign.ids import new_id
from resign.ledger.directly import stop_others
from resign.settings.destinations import FileTo

log = logging.getLogger(__name__)

_RENEW_SECONDS = 15.0
# Decisions of others that are passed over before it is written down how far we have looked.
_PASSED_OVER = 500
# And so many while everybody who presses waits.
_AT_ONCE = 5_000


class LostTheLease(Exception):
    """Somebody else has taken over, or we are to stop: the file is given up here."""


@dataclass(frozen=True, slots=True)
class Due:
    lane: FeedLane
    owed_since: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    lane: FeedLane
    what: Wanted


class Feeding:
    """One `step` at a time for one destination; several processes may run one each, and one of them writes.

    `folder` is where files are written before they go out.
    """

    def __init__(
        self,
        database: Database,
        workspace: str,
        to: FileTo,
        sink: Sink,
        clock: Clock,
        *,
        zone: ZoneInfo,
        folder: Path,
    ) -> None:
        self._database, self._workspace, self._to, self._sink = database, workspace, to, sink
        self._clock, self._zone, self._folder = clock, zone, folder / "feeds" / workspace / to.name
        self._key = (workspace, to.name)
        self._cells = Cells(to.columns, to.values, to.address)
        self._ticket = new_id()
        self._opened = self._stopping = False

    def step(self) -> bool:
        """True where a file has arrived, so that more may be waiting."""
        now = self._clock.now()
        if not self._opened:
            self._open(now)
        with self._database.reading() as session:
            held = standing(session, *self._key)
            top = last_decision(session)
        due = self._due(held, top, now)
        if due is None:
            return False
        if held.feed is None or held.feed.stopped_at is not None:
            self._note_owed(due)
            return False
        planned = self._plan(due, now)
        if planned is None:
            return False
        try:
            return self._send(planned.lane, planned.what)
        finally:
            with self._database.writing() as session:
                progress.give_back(session, self._key, self._ticket)
                session.commit()

    def close(self) -> None:
        """A file that is under way is given up, and written anew by whoever comes next."""
        self._stopping = True

    def _open(self, now: datetime) -> None:
        with self._database.writing() as session:
            open_lanes(session, self._to, self._workspace, now, self._next(now))
            session.commit()
        self._opened = True

    def _next(self, after: datetime) -> datetime | None:
        return None if self._to.schedule is None else next_due(self._to.schedule, self._zone, after)

    def _due(self, held: Standing, top: int, now: datetime) -> Due | None:
        """Opt-outs first: a scheduled file may be large, and may be what is not taken."""
        for name in lanes_of(self._to):
            lane = held.lanes.get(name)
            if lane is None or (lane.again_at is not None and lane.again_at > now):
                continue
            if name == SCHEDULED:
                if lane.due_at is not None and lane.due_at <= now:
                    return Due(lane, lane.due_at)
                continue
            since = self._owed_since(lane, held.lanes, top)
            if since is not None:
                return Due(lane, since)
        return None

    def _owed_since(self, lane: FeedLane, lanes: Mapping[str, FeedLane], top: int) -> datetime | None:
        if lane.top is not None:
            return lane.owed_since or lane.since
        if top <= lane.seen:
            return None
        with self._database.reading() as session:
            since = first_owed(session, wanted(self._to, self._workspace, lane, lanes, top))
        if since is None and top - lane.seen >= _PASSED_OVER:
            self._pass_over(lane, top)
        return since

    def _pass_over(self, lane: FeedLane, top: int) -> None:
        """Nothing of it is to be told. Looked at once more, by the same rule by which a file is planned; in pieces,
        because nobody appends meanwhile.
        """
        while not self._stopping and self._pass_over_some(lane.lane, top):
            pass

    def _pass_over_some(self, name: str, top: int) -> bool:
        with self._database.writing() as session:
            lanes = standing(session, *self._key).lanes
            row = lanes[name]
            upto = min(row.seen + _AT_ONCE, top)
            if row.top is not None or upto <= row.seen:
                return False
            stop_others(session)
            if first_owed(session, wanted(self._to, self._workspace, row, lanes, upto)) is not None:
                return False
            row.seen = upto
            session.commit()
            return True

    def _note_owed(self, due: Due) -> None:
        if due.lane.owed_since is not None:
            return
        with self._database.writing() as session:
            lane = standing(session, *self._key).lanes.get(due.lane.lane)
            if lane is not None:
                progress.note_owed(lane, due.owed_since)
            session.commit()

    def _plan(self, due: Due, now: datetime) -> Planned | None:
        """Takes the lease and says how far the file goes. None where somebody else is at it.

        While nobody appends, the last decision is the last: no lower number can be committed later.
        """
        with self._database.writing() as session:
            if not progress.take(session, self._key, self._ticket, now):
                return None
            lanes = standing(session, *self._key).lanes
            lane = lanes.get(due.lane.lane)
            # Somebody else may have sent it between our look and our lease.
            if lane is None or (lane.seen, lane.files) != (due.lane.seen, due.lane.files):
                progress.give_back(session, self._key, self._ticket)
                session.commit()
                return None
            stop_others(session)
            told = max(each.seen for each in lanes.values())
            whole = is_whole(self._to, lane.lane)
            progress.plan(lane, last_decision(session), told, due.owed_since, afresh=whole)
            what = wanted(self._to, self._workspace, lane, lanes, lane.top or 0, lane.told or 0)
            session.commit()
            return Planned(lane, what)

    def _send(self, lane: FeedLane, what: Wanted) -> bool:
        name = named(self._workspace, lane.lane, self._to, lane.files + 1)
        alive = self._alive()
        try:
            with spooled(
                self._folder, name, self._database, what, self._cells, self._to.format, alive
            ) as file:
                # Where all of it was overtaken there is nothing to say; a whole list says it even when it is empty.
                sent = file if file.rows or is_whole(self._to, lane.lane) else None
                if sent is not None:
                    self._sink.put(sent, alive)
                with self._database.writing() as session:
                    if not progress.is_mine(session, self._key, self._ticket):
                        return False
                    now = self._clock.now()
                    due = self._next(max(now, lane.due_at or now)) if lane.lane == SCHEDULED else None
                    progress.arrived(session, self._key, lane.lane, sent, now, due)
                    session.commit()
        except NotTaken as reason:
            self._note_failure(lane, str(reason))
            return False
        except LostTheLease:
            return False
        if sent is not None:
            log.info("A file has arrived", extra={"destination": self._to.name, "rows": sent.rows})
        return True

    def _note_failure(self, lane: FeedLane, says: str) -> None:
        log.warning("A file was not taken: %s", says, extra={"destination": self._to.name})
        with self._database.writing() as session:
            if progress.is_mine(session, self._key, self._ticket):
                progress.not_taken(session, self._key, lane.lane, says, self._clock.now())
            session.commit()

    def _alive(self) -> Callable[[], None]:
        """Keeps the lease while a file is under way, and ends one that takes too long."""
        ends = time.monotonic() + self._to.most_seconds
        renewed = [time.monotonic()]

        def alive() -> None:
            at = time.monotonic()
            if self._stopping:
                raise LostTheLease
            if at > ends:
                raise NotTaken(
                    f"it took longer than {self._to.most_seconds} seconds; give it more by most_seconds"
                )
            if at - renewed[0] < _RENEW_SECONDS:
                return
            renewed[0] = at
            with self._database.writing() as session:
                if not progress.renew(session, self._key, self._ticket, self._clock.now()):
                    raise LostTheLease
                session.commit()

        return alive
