"""The dry run: the whole file against the ledger, by the code that would take it in, and nothing written of it."""

import time
from datetime import datetime

from resign.db import Database
from resign.imports.batches import shape_of
from resign.imports.chunks import Chunks
from resign.imports.pretended import Pretended
from resign.imports.reading import Unreadable
from resign.imports.rejecting import write
from resign.imports.shelf import Shelf
from resign.imports.stating import Stating
from resign.imports.tables import ImportBatch
from resign.imports.tally import Tally
from resign.imports.weighing import weigh_chunk
from resign.imports.work import RELEASED, hold, progress

# Each says how far it is in a transaction of its own, for which presses wait.
_SAY_SECONDS = 0.5


class Checking:
    """After a crash it begins anew: nothing has been written that would be written twice."""

    is_over = False

    def __init__(
        self, database: Database, shelf: Shelf, batch: ImportBatch, digest_key: bytes, stating: Stating
    ) -> None:
        path = shelf.file(batch.id)
        if path is None:
            raise Unreadable("the file is kept no longer")
        self._database = database
        self._key = digest_key
        self._rejects, self._rejects_size = shelf.rejects(batch.id), 0
        self._columns = shape_of(batch).columns
        self._pretended = Pretended(shelf.scratch(batch.id))
        self._chunks = Chunks(path, shape_of(batch), stating)
        self._tally = Tally()
        self._reached = 0
        self._said_at = time.monotonic()
        self._of = (batch.id, batch.shape, batch.mapping)
        self._first = True

    def goes_on_with(self, batch: ImportBatch) -> bool:
        return batch.state == "checking" and (batch.id, batch.shape, batch.mapping) == self._of

    def step(self, batch: ImportBatch, now: datetime) -> None:
        chunk = self._chunks.next(now)
        if not chunk:
            self._end(batch, now)
            return
        # On PostgreSQL in a transaction, as the run itself: how it plans is asked for until the end of one.
        opened = self._database.reading if self._database.is_sqlite else self._database.writing
        with opened() as session:
            weighed = weigh_chunk(session, batch, self._key, chunk, now, self._pretended)
        self._tally = self._tally.with_more(weighed.tally)
        self._reached = chunk[-1].number
        if weighed.rejects:
            self._rejects_size = write(self._rejects, self._rejects_size, self._columns, weighed.rejects)
        if self._first or time.monotonic() - self._said_at >= _SAY_SECONDS:
            self._say(batch, now)
            self._first, self._said_at = False, time.monotonic()

    def _say(self, batch: ImportBatch, now: datetime) -> None:
        with self._database.writing() as session:
            hold(session, batch, now)
            progress(session, batch, reached=self._reached, **self._tally.columns())
            session.commit()

    def _end(self, batch: ImportBatch, now: datetime) -> None:
        if not self._rejects_size:
            self._rejects.unlink(missing_ok=True)
        with self._database.writing() as session:
            hold(session, batch, now)
            progress(
                session, batch, state="checked", reached=self._reached, rejects_size=self._rejects_size,
                expected=self._tally.expected(), **self._tally.columns(), **RELEASED,
            )  # fmt: skip
            session.commit()
        self.is_over = True

    def close(self) -> None:
        self._chunks.close()
        self._pretended.close()
