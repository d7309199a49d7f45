"""Throws away what imports have left on the disk: files that nobody takes in any more, rejects after 30 days."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, update

from resign.clock import Clock
from resign.db import Database
from resign.imports.batches import OVER
from resign.imports.shelf import Shelf
from resign.imports.tables import ImportBatch

log = logging.getLogger(__name__)

REJECTS_KEPT = timedelta(days=30)
# So long somebody who has checked a file may think it over.
CHECKED_KEPT = timedelta(days=7)
# A folder without an import: somebody is just beginning one, or a crash came between.
_ORPHAN = timedelta(days=1)


class ImportSweeper:
    """One `step` at a time; each machine looks after the files that it has."""

    def __init__(self, database: Database, shelf: Shelf, clock: Clock) -> None:
        self._database = database
        self._shelf = shelf
        self._clock = clock

    def step(self) -> bool:
        """True never: what is due is thrown away in one round."""
        folders = _folders(self._shelf.folder)
        if folders:
            self._sweep(folders)
        return False

    def _sweep(self, folders: dict[UUID, Path]) -> None:
        now = self._clock.now()
        with self._database.reading() as session:
            found = {
                batch.id: batch
                for batch in session.scalars(select(ImportBatch).where(ImportBatch.id.in_(folders)))
            }
        for number, folder in folders.items():
            batch = found.get(number)
            if batch is None:
                if datetime.fromtimestamp(folder.stat().st_mtime, UTC) < now - _ORPHAN:
                    self._shelf.throw_away(number)
            elif batch.state in OVER:
                # A crash may have come between the last row and this.
                self._shelf.let_go(number)
                if batch.ended_at is not None and batch.ended_at < now - REJECTS_KEPT:
                    self._shelf.throw_away(number)
                    log.info("The rejects of an import were thrown away", extra={"import": str(number)})
            elif batch.state == "checked" and batch.created_at < now - CHECKED_KEPT:
                self._give_up(number, now)

    def _give_up(self, number: UUID, now: datetime) -> None:
        with self._database.writing() as session:
            session.execute(
                update(ImportBatch)
                .where(ImportBatch.id == number, ImportBatch.state == "checked")
                .values(state="stopped", ended_at=now, why="nobody took it in within a week")
            )
            session.commit()
        self._shelf.let_go(number)


def _folders(folder: Path) -> dict[UUID, Path]:
    found: dict[UUID, Path] = {}
    for each in folder.iterdir() if folder.is_dir() else ():
        try:
            found[UUID(each.name)] = each
        except ValueError:
            continue
    return found
