"""Takes a file in: a chunk's decisions, what became of its rows, and how far it has got, in one transaction."""

import logging
from datetime import datetime

from resign.db import Database
from resign.imports.batches import mapping_of, shape_of
from resign.imports.chunks import Chunks
from resign.imports.reading import Unreadable
from resign.imports.rejecting import write
from resign.imports.shelf import Shelf
from resign.imports.stating import Stating
from resign.imports.tables import ImportBatch
from resign.imports.tally import Tally
from resign.imports.weighing import weigh_chunk
from resign.imports.work import RELEASED, hold, progress
from resign.ledger.horizon import horizon

log = logging.getLogger(__name__)


class Taking:
    """From the row that the import has reached to its last."""

    is_over = False

    def __init__(
        self, database: Database, shelf: Shelf, batch: ImportBatch, digest_key: bytes, stating: Stating
    ) -> None:
        path = shelf.file(batch.id)
        if path is None:
            raise Unreadable("the file is kept no longer")
        self._database = database
        self._shelf = shelf
        self._key = digest_key
        self._columns = shape_of(batch).columns
        self._chunks = Chunks(path, shape_of(batch), stating, after=batch.reached)
        self._stands = (batch.id, batch.reached)

    def goes_on_with(self, batch: ImportBatch) -> bool:
        return (
            batch.state == "running" and batch.known_to is None and (batch.id, batch.reached) == self._stands
        )

    def step(self, batch: ImportBatch, now: datetime) -> None:
        chunk = self._chunks.next(now)
        if not chunk:
            self._end(batch, now)
            return
        reached = chunk[-1].number
        with self._database.writing() as session:
            hold(session, batch, now)
            weighed = weigh_chunk(session, batch, self._key, chunk, now)
            tally = Tally.of(batch).with_more(weighed.tally)
            progress(session, batch, reached=reached, **tally.columns())
            if weighed.rejects:
                # Nobody else writes to that file until we have committed.
                size = write(
                    self._shelf.rejects(batch.id), batch.rejects_size, self._columns, weighed.rejects
                )
                progress(session, batch, rejects_size=size)
            session.commit()
        self._stands = (batch.id, reached)

    def _end(self, batch: ImportBatch, now: datetime) -> None:
        """A list of hashes has another stage: who is known here by an address that is on it."""
        hashed = mapping_of(batch).hash is not None
        with self._database.writing() as session:
            hold(session, batch, now)
            if hashed:
                progress(session, batch, known_to=horizon(session))
            else:
                progress(session, batch, state="done", ended_at=now, **RELEASED)
            session.commit()
        self.is_over = True
        if not hashed:
            self._shelf.let_go(batch.id)
            log.info("An import is done", extra={"import": str(batch.id), "rows": batch.reached})

    def close(self) -> None:
        self._chunks.close()
