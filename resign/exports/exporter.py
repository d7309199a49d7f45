"""Writes exports, piece by piece: a chore of the worker's. A crash costs at most the piece that was being written."""

import gzip
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, case, or_, select, update
from sqlalchemy.orm import Session

from resign.clock import Clock
from resign.db import Database
from resign.exports.columns import COLUMNS, lines
from resign.exports.formats import Format, written
from resign.exports.tables import Export, ExportPiece
from resign.ids import new_id
from resign.search import stretches
from resign.search.days import IN_UTC, Zones
from resign.search.find import onwards
from resign.search.parse import parse

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(hours=24)
ROWS_OF_A_PIECE = 1_000
# Longer than any page takes; after a crash somebody else takes over so much later.
_LEASE = timedelta(seconds=60)
_MOST_FAILURES = 10


class Exporter:
    """One `step` at a time, one export at a time; several processes may run one each. `keys` are the workspaces'
    digest keys.

    A step reads a page without holding anybody up, and then holds the writer for one small insert. In between are
    the opt-outs' turns.
    """

    def __init__(
        self,
        database: Database,
        keys: Mapping[str, bytes],
        clock: Clock,
        rows: int = ROWS_OF_A_PIECE,
        *,
        zones: Zones = IN_UTC,
    ) -> None:
        self._database = database
        self._keys = keys
        self._zones = zones
        self._clock = clock
        self._rows = rows
        self._ticket = new_id()

    def step(self) -> bool:
        """True where more is waiting."""
        now = self._clock.now()
        with self._database.reading() as session:
            export = _next(session, self._ticket, now)
            if export is None or not stretches.has_read(session, export.top - 1):
                return False
        if export.ticket != self._ticket and not self._claim(export, now):
            return True
        try:
            self._write(export)
        except Exception as error:
            log.exception("A page of an export failed; it is tried again", extra={"export": export.id})
            self._note_failure(export, error)
            raise
        return True

    def _claim(self, export: Export, now: datetime) -> bool:
        with self._database.writing() as session:
            taken = session.execute(
                update(Export)
                .where(Export.id == export.id, _is_free(now))
                .values(state="running", ticket=self._ticket, leased_until=now + _LEASE)
            )
            session.commit()
        return bool(cast("Any", taken).rowcount)

    def _write(self, export: Export) -> None:
        workspaces = [name for name in export.workspaces.split() if name in self._keys]
        with self._database.reading() as session:
            seqs, below = onwards(
                session, parse(export.query or ""), workspaces, self._keys.__getitem__, export.below, self._rows,
                zones=self._zones,
            )  # fmt: skip
            rows = lines(session, seqs, clear=export.clear)
        form = cast("Format", export.format)
        text = "".join(written(COLUMNS, rows, form, begins=export.pieces == 0)).encode()
        content = gzip.compress(text, compresslevel=5, mtime=0) if text else None
        now = self._clock.now()
        values: dict[str, Any] = {
            "rows": export.rows + len(rows), "bytes": export.bytes + len(text), "failures": 0,
            "pieces": export.pieces + (content is not None), "below": below or 0, "leased_until": now + _LEASE,
        }  # fmt: skip
        if below is None:
            values |= _ended("ready", now) | {"expires_at": now + KEPT_FOR}
        with self._database.writing() as session:
            # Whoever was taken for dead and is not, and whoever's export was deleted meanwhile, writes nothing.
            mine = update(Export).where(*self._is_mine(export)).values(**values)
            if not cast("Any", session.execute(mine)).rowcount:
                return
            if content is not None:
                session.add(ExportPiece(export_id=export.id, number=export.pieces, content=content))
            session.commit()
        if below is None:
            log.info("An export is ready", extra={"export": export.id, "rows": values["rows"]})

    def _note_failure(self, export: Export, error: Exception) -> None:
        """Where the database is away this fails too, and counts for nothing."""
        last = export.failures + 1 >= _MOST_FAILURES
        values = {"failures": export.failures + 1, **(_ended("failed", self._clock.now()) if last else {})}
        with self._database.writing() as session:
            session.execute(update(Export).where(*self._is_mine(export)).values(**values))
            session.commit()
        if last:
            log.error("An export was given up (%s)", type(error).__name__, extra={"export": export.id})

    def _is_mine(self, export: Export) -> tuple[ColumnElement[bool], ...]:
        return (
            Export.id == export.id,
            Export.ticket == self._ticket,
            Export.state == "running",
            Export.below == export.below,
        )


def _next(session: Session, ticket: Any, now: datetime) -> Export | None:  # noqa: ANN401 - a UUID to SQLAlchemy
    """The one that is being written here; otherwise the oldest that nobody writes."""
    ours = and_(Export.state == "running", Export.ticket == ticket)
    query = select(Export).where(or_(ours, _is_free(now)))
    return session.scalar(query.order_by(case((ours, 0), else_=1), Export.id).limit(1))


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(Export.state == "waiting", and_(Export.state == "running", Export.leased_until < now))


def _ended(state: str, now: datetime) -> dict[str, Any]:
    return {"state": state, "query": None, "ticket": None, "leased_until": None, "ended_at": now}
