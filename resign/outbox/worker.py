"""The worker: fans out, claims, delivers in parallel, settles. One thread touches the database, a pool the network."""

import logging
import random
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from resign.clock import Clock
from resign.db import Database
from resign.ledger import ALL
from resign.outbox.claim import Claimed, Group, Way, claim, release
from resign.outbox.contract import Destination, Message, Outcome, Unreachable
from resign.outbox.due import any_due, any_owed, strays
from resign.outbox.fanout import MOST_AT_ONCE, fan_out
from resign.outbox.giving_up import BATCH, give_up, given_up_on
from resign.outbox.heartbeat import EVERY, beat
from resign.outbox.lanes import lane_states, note_lanes
from resign.outbox.observe import observe
from resign.outbox.settle import Finished, settle
from resign.outbox.verdict import judge
from resign.outbox.wake import Wake
from resign.settings import Workspace

log = logging.getLogger(__name__)

# Claimed ahead of the calls under way, so that a thread that is free finds work without waiting for the database.
_AHEAD = 8
# One claim of so many takes what is longest due, whoever waits for it: an upload must not wait for ever behind presses.
_BY_AGE_ALONE = 4
_DATABASE_AGAIN = 1.0
_OUT_OF_REACH = (DBAPIError, PoolTimeoutError, OSError)
# While calls are under way their ends are gathered, so that one transaction settles many of them.
_GATHER_SECONDS = 0.015
_GIVE_UP_EVERY = timedelta(minutes=1)
# What a call may take at the most, all its retries together; a claim with less left on its lease is given back.
_LONGEST_CALL = 45.0


@dataclass(frozen=True, slots=True)
class _Room:
    pool: ThreadPoolExecutor
    at_once: int


@dataclass(frozen=True, slots=True)
class _Parcel:
    destination: Destination
    claims: tuple[Claimed, ...]
    # It is let through a shut lane to find out whether the trouble is over.
    probe: bool = False


@dataclass(frozen=True, slots=True)
class _Answer:
    outcome: Outcome
    at: datetime
    milliseconds: int


class Worker:
    """One worker process. `destinations` holds, by workspace name, who must hear of its decisions."""

    def __init__(
        self,
        database: Database,
        workspaces: Mapping[str, Workspace],
        destinations: Mapping[str, Sequence[Destination]],
        clock: Clock,
        *,
        deliveries: int = 16,
    ) -> None:
        self._database = database
        self._workspaces = workspaces
        self._destinations = {
            (workspace, destination.name): destination
            for workspace, several in destinations.items()
            for destination in several
        }
        # The others share the threads. What is owed to one that the settings no longer name is claimed by nobody.
        self._sharing = frozenset(
            name for (_, name), each in self._destinations.items() if each.at_once is None
        )
        self._clock = clock
        self._deliveries = deliveries
        self._chance = random.Random()  # noqa: S311 - it spreads retries; nobody gains by guessing it
        self._pool = ThreadPoolExecutor(deliveries, thread_name_prefix="deliver")
        # What others than Synerise are told has threads and room of its own: one that is slow holds up itself alone.
        self._apart = {
            way: _Room(ThreadPoolExecutor(each.at_once, thread_name_prefix=f"deliver-{way[1]}"), each.at_once)
            for way, each in self._destinations.items()
            if each.at_once is not None
        }
        self._under_way: dict[Future[_Answer | None], _Parcel] = {}
        self._finished: deque[Future[_Answer | None]] = deque()
        self._shut: frozenset[Way] = frozenset()
        self._beaten: datetime | None = None
        self._claims = 0
        # Not at once: whatever waited for this worker is tried first.
        self._gave_up = clock.now()
        self.wake = Wake(database)
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Asks for a graceful stop: what is under way is finished and settled, what was not begun is released."""
        self._stopping.set()
        self.wake.set()

    def run(self) -> None:
        """Works until stopped. A database that is out of reach costs a delay, never the process."""
        with self.wake:
            self._name_strays()
            while not self._stopping.is_set():
                try:
                    self._beat()
                    busy = self.step()
                except _OUT_OF_REACH as error:
                    log.warning("The database is out of reach (%s); trying again", type(error).__name__)
                    self.wake.wait(_DATABASE_AGAIN)
                except Exception:
                    log.exception("A round failed in a way that nobody foresaw; the next one goes on")
                    self._stopping.wait(_DATABASE_AGAIN)
                else:
                    if self._under_way:
                        self._stopping.wait(_GATHER_SECONDS)
                    elif not busy:
                        self.wake.wait()
            self.finish()

    def step(self) -> bool:
        """One round; True where the next should follow at once."""
        more_owed = self._fan_out()
        self._settle()
        self._give_up()
        return self._claim() or more_owed

    def drain(self) -> None:
        """Steps until nothing is due now and nothing is under way: for tests and commands."""
        while self.step() or self._under_way:
            if self._under_way and not self._finished:
                wait(self._under_way, return_when="FIRST_COMPLETED")

    def finish(self) -> None:
        """The end: nothing new is begun, what runs is settled, the rest goes back."""
        for pool in (self._pool, *(room.pool for room in self._apart.values())):
            pool.shutdown(wait=False, cancel_futures=True)
        for pool in (self._pool, *(room.pool for room in self._apart.values())):
            pool.shutdown(wait=True)
        try:
            self._settle()
        except _OUT_OF_REACH as error:
            log.warning("Stopped without the database (%s); the leases will run out", type(error).__name__)

    def _beat(self) -> None:
        now = self._clock.now()
        if self._beaten is None or now - self._beaten >= EVERY:
            with self._database.writing() as session:
                beat(session, now)
                session.commit()
            self._beaten = now

    def _give_up(self) -> None:
        now = self._clock.now()
        if now - self._gave_up < _GIVE_UP_EVERY:
            return
        limits = {way: each.gives_up_after for way, each in self._destinations.items()}
        with self._database.reading() as session:
            over = [way for way in given_up_on(session, limits, now) if way[0] in self._workspaces]
        for way in over:
            with self._database.writing() as session:
                count = give_up(session, way, limits, now)
                session.commit()
            if count:
                log.error(
                    "Messages were tried in vain for too long: see `resign outbox list`, mend the cause, then "
                    "`resign outbox retry`",
                    extra={"workspace": way[0], "destination": way[1], "messages": count},
                )
            if count == BATCH:
                return  # the rest in the next round: opt-outs are told between them
        self._gave_up = now

    def _name_strays(self) -> None:
        try:
            with self._database.reading() as session:
                unknown = strays(session, self._workspaces)
        except _OUT_OF_REACH:
            return  # the first round will say so
        for workspace in sorted(unknown):
            log.error(
                "Opt-outs are owed for a workspace that the settings do not name; they are kept. Name it again",
                extra={"workspace": workspace},
            )

    def _fan_out(self) -> bool:
        with self._database.reading() as session:
            if not any_owed(session, self._workspaces):
                return False
        with self._database.writing() as session:
            taken = fan_out(
                session, self._workspaces, self._owed_to, self._digest_key, self._clock.now(), self._ways_to
            )
            session.commit()
        return taken >= MOST_AT_ONCE

    def _claim(self) -> bool:
        rooms = {
            group: free
            for group, at_once in self._at_once().items()
            if (free := at_once * _AHEAD - self._in_hand(group)) >= at_once
        }
        now = self._clock.now()
        with self._database.reading() as session:
            lanes = lane_states(session, now)
            due = [
                group
                for group in rooms
                if any_due(session, now, self._workspaces, closed=lanes.closed, group=group)
            ]
        probing = [
            way for way in lanes.probing if way[:2] in self._destinations and self._group_of(way) in rooms
        ]
        if not due and not probing:
            return False
        with self._database.writing() as session:
            self._claims += 1
            by_age = self._claims % _BY_AGE_ALONE == 0
            claims = [
                each
                for group in due
                for each in claim(
                    session,
                    now,
                    rooms[group],
                    self._workspaces,
                    closed=lanes.closed,
                    by_age=by_age,
                    group=group,
                )
            ]
            probes = [
                probe for way in probing for probe in claim(session, now, 1, self._workspaces, only=way)
            ]
            session.commit()
        for parcel in (*self._parcels(claims), *self._parcels(probes, probe=True)):
            room = self._apart.get(parcel.claims[0].way[:2])
            future = (room.pool if room else self._pool).submit(self._deliver, parcel)
            self._under_way[future] = parcel
            future.add_done_callback(self._on_finished)
        return bool(claims or probes)

    def _at_once(self) -> dict[Group, int]:
        """Calls under way at once: of the ways to Synerise together, and of each other destination."""
        return {self._sharing: self._deliveries, **{way: room.at_once for way, room in self._apart.items()}}

    def _group_of(self, way: Way) -> Group:
        return way[:2] if way[:2] in self._apart else self._sharing

    def _in_hand(self, group: Group) -> int:
        parcels = self._under_way.values()
        return sum(len(parcel.claims) for parcel in parcels if self._group_of(parcel.claims[0].way) == group)

    def _parcels(self, claims: Sequence[Claimed], *, probe: bool = False) -> Iterator[_Parcel]:
        """Messages that may travel together, for each destination; each look back by itself."""
        by_destination: dict[tuple[str, str], dict[Message, Claimed]] = {}
        for claimed in claims:
            workspace, name, phase = claimed.way
            destination = self._destinations.get((workspace, name))
            if destination is None:
                continue  # another workspace's: the lease keeps it for a while, and nobody waits behind it
            if phase == "read-back":
                yield _Parcel(destination, (claimed,), probe)
            else:
                by_destination.setdefault((workspace, name), {})[claimed.message] = claimed
        for way, tellings in by_destination.items():
            for parcel in self._destinations[way].parcels(list(tellings)):
                yield _Parcel(self._destinations[way], tuple(tellings[message] for message in parcel), probe)

    def _deliver(self, parcel: _Parcel) -> _Answer | None:
        """In a thread of the pool. None where it was not begun: the lease is short, or the lane shut meanwhile."""
        first = parcel.claims[0]
        left = (first.leased_until - self._clock.now()).total_seconds()
        if left < _LONGEST_CALL or (first.way in self._shut and not parcel.probe):
            return None
        began = time.perf_counter()
        try:
            if first.phase == "read-back":
                outcome = parcel.destination.read_back(first.message)
            else:
                outcome = parcel.destination.deliver([claimed.message for claimed in parcel.claims])
        except Exception as error:
            log.exception("A destination raised, which it must not; the message is tried again")
            outcome = Unreachable(type(error).__name__)
        return _Answer(outcome, self._clock.now(), int((time.perf_counter() - began) * 1000))

    def _on_finished(self, future: Future[_Answer | None]) -> None:
        self._finished.append(future)
        self.wake.set()

    def _settle(self) -> None:
        """Settles all that has finished. On an error nothing is forgotten: the next round tries again."""
        futures = list(self._finished)
        if not futures:
            return
        done: list[Finished] = []
        unbegun: list[Claimed] = []
        for future in futures:
            parcel, answer = self._under_way[future], None if future.cancelled() else future.result()
            if answer is None:
                unbegun += parcel.claims
            else:
                done += self._judge(parcel, answer)
        now = self._clock.now()
        with self._database.writing() as session:
            settle(session, done, self._digest_key)
            note_lanes(session, done, now)
            if unbegun:
                release(session, unbegun)
            session.commit()
            self._shut = frozenset(lane_states(session, now).closed)
        for future in futures:
            self._finished.popleft()
            del self._under_way[future]
        observe(done)

    def _judge(self, parcel: _Parcel, answer: _Answer) -> Iterator[Finished]:
        for claimed in parcel.claims:
            verdict = judge(claimed, answer.outcome, parcel.destination, answer.at, self._chance)
            yield Finished(claimed, answer.outcome, verdict, answer.at, answer.milliseconds)

    def _owed_to(self, workspace: str, origin: str | None, agreement: str) -> Sequence[str]:
        """What came from a system is not told back to it, or it would come round again (D7).

        "Everything" is nothing that could be told: beside it stands a decision for each agreement.
        """
        if agreement == ALL:
            return []
        return [
            name
            for (owner, name), destination in self._destinations.items()
            if owner == workspace and destination.system != origin and destination.hears_of(agreement)
        ]

    def _ways_to(self, workspace: str, origin: str | None, agreement: str) -> Sequence[str]:
        return [
            name
            for (owner, name), destination in self._destinations.items()
            if owner == workspace and destination.system == origin and destination.hears_of(agreement)
        ]

    def _digest_key(self, workspace: str) -> bytes:
        return self._workspaces[workspace].digest_key.encode()
