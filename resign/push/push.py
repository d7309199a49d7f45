"""Pushes a file's links: one thread reads and mints, several send, and each batch is noted before its thread goes on."""

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from resign.push.batches import Batch
from resign.push.deliver import Deliver, Interrupted, Patience, Writer
from resign.push.journal import Journal, Span
from resign.push.rejects import Rejects


@dataclass(slots=True)
class Tally:
    """Every row that was read is one or the other."""

    rows: int = 0
    accepted: int = 0
    rejected: int = 0

    def add(self, span: Span) -> None:
        self.rows += span.rows
        self.accepted += span.accepted
        self.rejected += span.rejected


class Progress(Protocol):
    """Called from several threads, never from two at once."""

    def advance(self, rows: int, position: int) -> None:
        """So many rows more are done; `position` is the offset behind the farthest of them."""
        ...


class Push:
    """`threads` batches are under way at once, and one more is being read: memory does not grow with the file.

    A batch counts when it is in the journal. What Synerise took and a kill kept from being noted is pushed
    once more: a batch for each thread at the most, with the same tokens, which changes nothing.
    """

    def __init__(
        self,
        writer: Writer,
        deliver: Deliver,
        rejects: Rejects,
        progress: Progress,
        *,
        journal: Journal | None = None,
        tally: Tally | None = None,
        threads: int = 4,
    ) -> None:
        """Without a `journal` the push cannot be resumed. What is done is added to the `tally`."""
        self._writer = writer
        self._deliver = deliver
        self._rejects = rejects
        self._progress = progress
        self._journal = journal
        self._threads = threads
        self._turn = threading.Lock()
        self._fault: BaseException | None = None
        self._farthest = 0
        self.stop = threading.Event()
        self.tally = tally or Tally()

    def run(self, batches: Iterable[Batch], patience: Patience) -> None:
        """Returns when every batch is done; raises CannotGoOn, Interrupted, OSError where a file of ours fails.

        What was under way is brought to its end first, also when somebody presses Ctrl-C.
        """
        slots = threading.BoundedSemaphore(self._threads)

        def work(batch: Batch) -> None:
            try:
                self._work(batch, patience)
            except BaseException as fault:  # noqa: BLE001 - raised again by the thread that reads
                self._fault = self._fault or fault
                self.stop.set()
            finally:
                slots.release()

        with ThreadPoolExecutor(self._threads) as pool:
            try:
                for batch in batches:
                    slots.acquire()
                    if self.stop.is_set():
                        slots.release()
                        break
                    pool.submit(work, batch)
            except BaseException:
                self.stop.set()
                raise
        if self._fault is not None:
            raise self._fault
        if self.stop.is_set():
            raise Interrupted
        if self._journal is not None:
            self._journal.finish()

    def _work(self, batch: Batch, patience: Patience) -> None:
        self._deliver(batch, self._writer, patience)
        with self._turn:
            if batch.rejected:
                self._rejects.add(sorted(batch.rejected, key=lambda reject: reject.line))
            rejected = len(batch.rejected)
            span = Span(
                batch.start, batch.end, batch.last_line, batch.rows, batch.rows - rejected, rejected,
                self._rejects.size,
            )  # fmt: skip
            if self._journal is not None:
                self._journal.note(span)
            self.tally.add(span)
            self._farthest = max(self._farthest, span.end)
            self._progress.advance(span.rows, self._farthest)
