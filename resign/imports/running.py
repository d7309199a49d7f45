"""Goes through the files of imports, chunk by chunk: a chore of the worker's, and what the command steps itself."""

import logging
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, and_, case, or_, select, update
from sqlalchemy.orm import Session

from resign.clock import Clock
from resign.db import Database
from resign.ids import new_id
from resign.imports.batches import mapping_of
from resign.imports.checking import Checking
from resign.imports.comparing import Comparing
from resign.imports.reading import Unreadable
from resign.imports.reversing import Reversing
from resign.imports.shelf import Shelf
from resign.imports.stating import Stating
from resign.imports.tables import ImportBatch
from resign.imports.taking import Taking
from resign.imports.work import LEASE, Fenced, Work
from resign.settings import Workspace

log = logging.getLogger(__name__)

_WORKED_ON = ("checking", "running", "reversing")
# Whoever presses waits for a chunk's transaction; between two of them their turn comes.
BREATH_SECONDS = 0.005
_MOST_FAILURES = 10
_MOST_LOOKED_AT = 50


class Importer:
    """One `step` at a time, one import at a time; several processes may run one each.

    A step is one chunk: one short transaction in which the decisions are appended and the progress is written, so that
    a kill at any point loses nothing and repeats nothing. `only` one import, for a command that waits for it.
    """

    def __init__(
        self,
        database: Database,
        workspaces: Mapping[str, Workspace],
        shelf: Shelf,
        clock: Clock,
        *,
        only: UUID | None = None,
        breath: float = BREATH_SECONDS,
    ) -> None:
        self._database = database
        self._workspaces = workspaces
        self._shelf = shelf
        self._clock = clock
        self._only = only
        self._breath = breath
        self._ticket = new_id()
        self._work: Work | None = None

    def step(self) -> bool:
        """True where more is waiting."""
        now = self._clock.now()
        batch = self._next(now)
        if batch is None:
            self.close()
            return False
        if batch.ticket != self._ticket:
            self._claim(batch, now)
            return True
        try:
            self._go_on(batch, now)
        except Fenced:
            # Somebody paused it, or took it over: what was not committed is theirs, or nobody's.
            self.close()
        except Unreadable as why:
            self._give_up(batch, str(why))
        except Exception as error:
            self.close()
            log.exception("A chunk of an import failed; it is tried again", extra={"import": str(batch.id)})
            if batch.failures + 1 >= _MOST_FAILURES:
                self._give_up(batch, f"it failed {_MOST_FAILURES} times ({type(error).__name__})")
            else:
                self._note_failure(batch)
            raise
        if self._breath:
            time.sleep(self._breath)
        return True

    def close(self) -> None:
        if self._work is not None:
            self._work.close()
            self._work = None

    def _next(self, now: datetime) -> ImportBatch | None:
        """The one under way here; otherwise the oldest that nobody works on and whose file is on this machine."""
        ours = ImportBatch.ticket == self._ticket
        free = or_(ImportBatch.ticket.is_(None), ImportBatch.leased_until < now)
        query = select(ImportBatch).where(
            ImportBatch.state.in_(_WORKED_ON),
            ImportBatch.workspace.in_(self._workspaces),
            or_(ours, free),
        )
        if self._only is not None:
            query = query.where(ImportBatch.id == self._only)
        order = query.order_by(case((ours, 0), else_=1), ImportBatch.id).limit(_MOST_LOOKED_AT)
        with self._database.reading() as session:
            found = session.scalars(order).all()
        return next((batch for batch in found if self._can(batch)), None)

    def _can(self, batch: ImportBatch) -> bool:
        needs_file = batch.state != "reversing" and batch.known_to is None
        return not needs_file or self._shelf.file(batch.id) is not None

    def _claim(self, batch: ImportBatch, now: datetime) -> None:
        free = or_(ImportBatch.ticket.is_(None), ImportBatch.leased_until < now)
        values: dict[str, Any] = {"ticket": self._ticket, "leased_until": now + LEASE}
        with self._database.writing() as session:
            self._set(
                session, and_(ImportBatch.id == batch.id, ImportBatch.state == batch.state, free), values
            )
            session.commit()

    def _go_on(self, batch: ImportBatch, now: datetime) -> None:
        if self._work is None or not self._work.goes_on_with(batch):
            self.close()
            self._work = self._open(batch)
        self._work.step(batch, now)
        if self._work.is_over:
            self.close()

    def _open(self, batch: ImportBatch) -> Work:
        workspace = self._workspaces[batch.workspace]
        key = workspace.digest_key.encode()
        stating = Stating(mapping_of(batch), workspace)
        if batch.state == "reversing":
            return Reversing(self._database, self._shelf, batch, key, stating.agreements)
        if batch.known_to is not None:
            return Comparing(self._database, self._shelf, batch, key, stating.agreements)
        kind = Checking if batch.state == "checking" else Taking
        return kind(self._database, self._shelf, batch, key, stating)

    def _give_up(self, batch: ImportBatch, why: str) -> None:
        self.close()
        now = self._clock.now()
        values: dict[str, Any] = {
            "state": "failed", "why": why[:500], "ended_at": now, "ticket": None, "leased_until": None,
        }  # fmt: skip
        with self._database.writing() as session:
            self._set(session, self._is_mine(batch), values)
            session.commit()
        log.warning("An import was given up", extra={"import": str(batch.id)})

    def _note_failure(self, batch: ImportBatch) -> None:
        """Where the database is away this fails too, and counts for nothing."""
        with self._database.writing() as session:
            self._set(session, self._is_mine(batch), {"failures": batch.failures + 1})
            session.commit()

    def _is_mine(self, batch: ImportBatch) -> Any:  # noqa: ANN401 - a condition
        return and_(
            ImportBatch.id == batch.id, ImportBatch.ticket == self._ticket, ImportBatch.state == batch.state
        )

    @staticmethod
    def _set(session: Session, which: Any, values: dict[str, Any]) -> int:  # noqa: ANN401 - a condition
        changed = session.execute(
            update(ImportBatch).where(which).values(**values).execution_options(synchronize_session=False)
        )
        return cast("CursorResult[Any]", changed).rowcount
