"""The one door through which decisions enter the ledger: waiting requests share one durable commit.

Each caller blocks until its own decision is on durable storage, and gets its own result or error. The first to
wait leads: it inserts everything that is queued, commits once, and wakes the others; whoever came meanwhile
leads next. One commit per request would cost an fsync each; here the fsync is shared by all who wait for it.
"""

import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from resign.db import Database
from resign.ledger.decision import NewDecision
from resign.ledger.tables import Decision

OWED_CHANNEL = "resign_owed"

_MOST_WAITING = 2_000
_MOST_IN_A_BATCH = 256
_PATIENCE_SECONDS = 30.0
# When several came together last time, more are on their way: the wait costs less than a commit of their own.
# A lone request never waits.
_GATHER_SECONDS = 0.0015
_OUT_OF_REACH = (OperationalError, InterfaceError, PoolTimeoutError)


class LedgerUnavailable(Exception):
    """The decision could not be made durable. It may have been written all the same, which is harmless."""


class Intake:
    """Appends decisions durably. Safe to call from any number of threads; one per process."""

    def __init__(self, database: Database, *, most_waiting: int = _MOST_WAITING) -> None:
        self._database = database
        self._most_waiting = most_waiting
        self._mutex = threading.Lock()
        self._queue: deque[_Waiting] = deque()
        self._led = False
        self._last_batch = 1
        dialect = sqlite if database.is_sqlite else postgresql
        # A retry after a lost connection may meet its own row, already committed: that is success.
        self._insert = dialect.insert(Decision.__table__).on_conflict_do_nothing(index_elements=["id"])
        self._wake_worker = None if database.is_sqlite else text(f"NOTIFY {OWED_CHANNEL}")

    def append(self, decision: NewDecision) -> None:
        """Returns when the decision is durable; raises LedgerUnavailable when it could not be made so."""
        waiting = _Waiting(decision.row)
        with self._mutex:
            if len(self._queue) >= self._most_waiting:
                raise LedgerUnavailable("too many are waiting")
            self._queue.append(waiting)
            leads = not self._led
            self._led = True
        if not leads and not waiting.turn.acquire(timeout=_PATIENCE_SECONDS):
            self._give_up(waiting)
        if not waiting.done:
            self._lead()
        if waiting.error is not None:
            raise LedgerUnavailable(type(waiting.error).__name__) from waiting.error

    def _give_up(self, waiting: "_Waiting") -> None:
        """Leaves the queue, unless the lead was just handed over: then it must be taken, or nobody would."""
        with self._mutex:
            if waiting.leads:
                return
            waiting.abandoned = True
            if waiting in self._queue:
                self._queue.remove(waiting)
        raise LedgerUnavailable("the ledger did not answer in time")

    def _lead(self) -> None:
        """Takes the writer's turn first and the batch then: whoever comes while we wait for our turn is in it."""
        batch: list[_Waiting] = []
        try:
            with self._database.turn:
                if self._last_batch > 1:
                    time.sleep(_GATHER_SECONDS)
                batch = self._take()
                self._write_together(batch)
        except Exception as error:  # noqa: BLE001 - the turn could not be had, or worse: nobody's row is written
            batch = batch or self._take()
            for waiting in batch:
                waiting.error = waiting.error and error
        finally:
            self._hand_over(batch)

    def _take(self) -> list["_Waiting"]:
        with self._mutex:
            batch = [self._queue.popleft() for _ in range(min(len(self._queue), _MOST_IN_A_BATCH))]
        self._last_batch = len(batch)
        return batch

    def _write_together(self, batch: Sequence["_Waiting"]) -> None:
        try:
            self._commit([waiting.row for waiting in batch])
        except Exception:  # noqa: BLE001 - whatever it was, each row is tried by itself before anybody is refused
            self._write_one_by_one(batch)
        else:
            for waiting in batch:
                waiting.error = None

    def _write_one_by_one(self, batch: Sequence["_Waiting"]) -> None:
        """So that one bad row cannot refuse its neighbours. Storage out of reach is no row's fault: all are told.

        Only an opt-out is tried again. An undo whose answer was "not recorded" must not be written later,
        behind the back of somebody who has pressed again meanwhile.
        """
        for position, waiting in enumerate(batch):
            if waiting.abandoned or waiting.row["choice"] == "opt-in":
                waiting.error = LedgerUnavailable("not tried again")
                continue
            try:
                self._commit([waiting.row])
            except _OUT_OF_REACH as error:
                for left in batch[position:]:
                    left.error = error
                return
            except Exception as error:  # noqa: BLE001 - it is this caller's own error, raised again in its thread
                waiting.error = error
            else:
                waiting.error = None

    def _commit(self, rows: list[dict[str, Any]]) -> None:
        with self._database.writing() as session:
            connection = session.connection()
            connection.execute(self._insert, rows)
            if self._wake_worker is not None:
                connection.execute(self._wake_worker)
            session.commit()

    def _hand_over(self, batch: Sequence["_Waiting"]) -> None:
        with self._mutex:
            heir = self._queue[0] if self._queue else None
            self._led = heir is not None
            if heir is not None:
                heir.leads = True
        for waiting in batch:
            waiting.done = True
            waiting.turn.release()
        if heir is not None:
            heir.turn.release()


class _Waiting:
    """One caller's row. Until it was written, its error says that it was not: nobody is told "done" by default."""

    __slots__ = ("abandoned", "done", "error", "leads", "row", "turn")

    def __init__(self, row: dict[str, Any]) -> None:
        self.row = row
        self.abandoned = False
        self.done = False
        self.leads = False
        self.error: BaseException | None = LedgerUnavailable("not written")
        self.turn = threading.Lock()
        self.turn.acquire()
