"""What the stages of an import share: each is a piece of work that is done in steps, behind one fence."""

from datetime import datetime, timedelta
from typing import Any, Protocol, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from resign.imports.tables import ImportBatch

# Longer than any chunk takes; after a crash somebody else takes over so much later.
LEASE = timedelta(seconds=60)
RELEASED = {"ticket": None, "leased_until": None, "failures": 0}


class Fenced(Exception):
    """The import was paused, stopped or taken over meanwhile: nothing of this step may be kept."""


class Work(Protocol):
    """One import in one of its states; `is_over` once the state has been left."""

    is_over: bool

    def goes_on_with(self, batch: ImportBatch) -> bool:
        """Whether the import stands where this work left it."""
        ...

    def step(self, batch: ImportBatch, now: datetime) -> None:
        """One short transaction. Raises Fenced, Unreadable."""
        ...

    def close(self) -> None: ...


def hold(session: Session, batch: ImportBatch, now: datetime) -> None:
    """The first thing in a step's transaction: the import is still ours and stands where it was read. Raises Fenced.

    From then to the commit nobody else changes it: on PostgreSQL the row is locked, on SQLite there is one writer.
    """
    held = session.execute(
        update(ImportBatch)
        .where(
            ImportBatch.id == batch.id,
            ImportBatch.ticket == batch.ticket,
            ImportBatch.state == batch.state,
            ImportBatch.reached == batch.reached,
            ImportBatch.compared == batch.compared,
        )
        .values(leased_until=now + LEASE, failures=0)
        .execution_options(synchronize_session=False)
    )
    if not cast("CursorResult[Any]", held).rowcount:
        raise Fenced


def progress(session: Session, batch: ImportBatch, **values: Any) -> None:  # noqa: ANN401 - columns
    """Of an import that is held."""
    session.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
