"""Deletes exports that are a day old or were thrown away, a few pieces at a time: the other chore of the worker's."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from resign.clock import Clock
from resign.db import Database
from resign.exports.tables import Export, ExportPiece

# So long it is told that there was one.
_TOLD_FOR = timedelta(days=7)
# On SQLite whoever presses waits for the writer: so much is deleted in some milliseconds.
_PIECES_AT_ONCE = 50
_OVER = ("expired", "deleted", "failed")


class Sweeper:
    """One `step` at a time; several processes may run one each."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def step(self) -> bool:
        """True where more is waiting."""
        now = self._clock.now()
        expired = and_(Export.state == "ready", Export.expires_at <= now)
        untold = or_(
            Export.state == "deleted",
            and_(Export.state.in_(_OVER), Export.ended_at <= now - _TOLD_FOR),
        )
        with self._database.reading() as session:
            if not _any(session, expired) and not _any(session, untold) and not _pieces(session):
                return False
        with self._database.writing() as session:
            session.execute(update(Export).where(expired).values(state="expired"))
            pieces = _pieces(session)
            for export, number in pieces:
                piece = (ExportPiece.export_id == export, ExportPiece.number == number)
                session.execute(delete(ExportPiece).where(*piece))
            if not pieces:
                session.execute(delete(Export).where(untold))
            session.commit()
        return True


def _any(session: Session, which: ColumnElement[bool]) -> bool:
    return session.scalar(select(Export.id).where(which).limit(1)) is not None


def _pieces(session: Session) -> list[tuple[int, int]]:
    """Some that belong to an export that is over."""
    over = select(ExportPiece.export_id, ExportPiece.number).join(Export).where(Export.state.in_(_OVER))
    found = session.execute(over.order_by(ExportPiece.export_id, ExportPiece.number).limit(_PIECES_AT_ONCE))
    return [(export, number) for export, number in found]
