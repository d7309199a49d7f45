"""Many callers, one durable commit: each waits until its own row is on durable storage, and gets its own result.

The first to wait leads: it inserts everything that is queued, commits once, and wakes the others; whoever came
meanwhile leads next. One commit per request would cost an fsync each; here the fsync is shared by all who wait.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from resign.db.engine import Database

Row = dict[str, Any]

_MOST_WAITING = 2_000
_MOST_IN_A_BATCH = 256
_PATIENCE_SECONDS = 30.0
# When several came together last time, more are on their way: the wait costs less than a commit of their own.
# A lone request never waits.
_GATHER_SECONDS = 0.0015
_OUT_OF_REACH = (OperationalError, InterfaceError, PoolTimeoutError)


class Unavailable(Exception):
    """The row could not be made durable. It may have been written all the same, which must be harmless."""


class GroupCommit:
    """Appends rows durably. Safe to call from any number of threads; one per process and table.

    `insert` takes the rows, and must not fail on a row that is there already: a retry after a lost connection may
    meet its own. `first` is executed in the same transaction, before it. `again` says of a row whether it may be tried by
    itself after a batch has failed.
    """

    def __init__(
        self,
        database: Database,
        insert: Executable,
        *,
        first: Executable | None = None,
        again: Callable[[Row], bool] = lambda _: True,
        most_waiting: int = _MOST_WAITING,
    ) -> None:
        self._database = database
        self._insert = insert
        self._first = first
        self._again = again
        self._most_waiting = most_waiting
        self._mutex = threading.Lock()
        self._queue: deque[_Waiting] = deque()
        self._led = False
        self._last_batch = 1

    def append(self, row: Row) -> None:
        """Returns when the row is durable; raises Unavailable when it could not be made so."""
        waiting = _Waiting(row)
        with self._mutex:
            if len(self._queue) >= self._most_waiting:
                raise Unavailable("too many are waiting")
            self._queue.append(waiting)
            leads = not self._led
            self._led = True
        if not leads and not waiting.turn.acquire(timeout=_PATIENCE_SECONDS):
            self._give_up(waiting)
        if not waiting.done:
            self._lead()
        if waiting.error is not None:
            raise Unavailable(type(waiting.error).__name__) from waiting.error

    def _give_up(self, waiting: "_Waiting") -> None:
        """Leaves the queue, unless the lead was just handed over: then it must be taken, or nobody would."""
        with self._mutex:
            if waiting.leads:
                return
            waiting.abandoned = True
            if waiting in self._queue:
                self._queue.remove(waiting)
        raise Unavailable("the database did not answer in time")

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
        """So that one bad row cannot refuse its neighbours. Storage out of reach is no row's fault: all are told."""
        for position, waiting in enumerate(batch):
            if waiting.abandoned or not self._again(waiting.row):
                waiting.error = Unavailable("not tried again")
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

    def _commit(self, rows: list[Row]) -> None:
        with self._database.writing() as session:
            connection = session.connection()
            if self._first is not None:
                connection.execute(self._first)
            connection.execute(self._insert, rows)
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

    def __init__(self, row: Row) -> None:
        self.row = row
        self.abandoned = False
        self.done = False
        self.leads = False
        self.error: BaseException | None = Unavailable("not written")
        self.turn = threading.Lock()
        self.turn.acquire()
