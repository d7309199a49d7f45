"""Somebody's exports: their list, the file in pieces, and throwing one away. Nobody else's are ever found."""

import gzip
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.db import Database
from resign.exports.tables import Export, ExportPiece
from resign.staff.audit import note
from resign.staff.roles import Role, Staff

_MOST_LISTED = 50
_WHO: tuple[Role, ...] = ("support",)


class NotAllowed(Exception):
    """It is theirs, but meanwhile they may not see all that is in it any more."""


def theirs(session: Session, by: Staff) -> Sequence[Export]:
    """The newest first, without those that they deleted."""
    query = select(Export).where(Export.staff_id == by.id, Export.state != "deleted")
    return session.scalars(query.order_by(Export.id.desc()).limit(_MOST_LISTED)).all()


def take(session: Session, by: Staff, number: int, now: datetime) -> Export | None:
    """One that is ready to be downloaded, noted; None where there is none, or no more. Raises NotAllowed."""
    export = _of(session, by, number)
    if export is None or export.state != "ready" or not export.expires_at or export.expires_at <= now:
        return None
    covers = export.workspaces.split()
    if not all(by.may(_WHO, workspace) for workspace in covers):
        raise NotAllowed
    for workspace in covers:
        note(session, by, "downloaded-export", now, workspace=workspace, export=number, rows=export.rows)
    return export


def content(database: Database, export: Export) -> Iterator[bytes]:
    """Piece by piece. One that has been deleted meanwhile ends it by an error: half a file is not to look like one."""
    for number in range(export.pieces):
        with database.reading() as session:
            piece = session.get_one(ExportPiece, (export.id, number)).content
        yield gzip.decompress(piece)


def throw_away(session: Session, by: Staff, number: int, now: datetime) -> bool:
    """False where there is none. A worker that writes it stops at its next piece."""
    export = _of(session, by, number)
    if export is None:
        return False
    export.state, export.query, export.ended_at = "deleted", None, now
    for workspace in export.workspaces.split():
        note(session, by, "deleted-export", now, workspace=workspace, export=number)
    return True


def _of(session: Session, by: Staff, number: int) -> Export | None:
    export = session.get(Export, number) if number < 2**31 else None
    return export if export and export.staff_id == by.id and export.state != "deleted" else None
