"""An import from its file to its end, as people order it: begun, run, paused, stopped, taken back. The caller commits."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from resign.imports.mapping import RowMapping
from resign.imports.reading import Shape
from resign.imports.shelf import Kept
from resign.imports.tables import ImportBatch, ImportRow, State
from resign.staff.audit import note
from resign.staff.roles import Staff

# What was taken in of these may be taken back.
REVERSIBLE: tuple[State, ...] = ("done", "stopped", "failed", "paused")
OVER: tuple[State, ...] = ("done", "stopped", "reversed", "failed")
_AFRESH = {"ticket": None, "leased_until": None, "failures": 0}
_MOST_LISTED = 50
# Beside the rows, of a list of hashes: how many people were known here by an address on it.
MATCHED = "matched"


@dataclass(frozen=True, slots=True)
class Asked:
    """How a file is to be taken in; `origin` is the system that it comes from, which is not told what it said."""

    workspace: str
    shape: Shape
    mapping: RowMapping
    origin: str | None = None


class NotNow(Exception):
    """The import is not in a state in which that can be done; the message is a sentence that names its state."""


def begin(
    session: Session,
    by: Staff,
    kept: Kept,
    asked: Asked,
    now: datetime,
) -> ImportBatch:
    """Puts a file down to be checked: the worker, or whoever steps an `Importer`, goes through it and writes nothing.

    Raises BadMapping.
    """
    asked.mapping.fits(asked.shape.columns)
    batch = ImportBatch(
        id=kept.id, workspace=asked.workspace, name=kept.name, sha256=kept.sha256, size=kept.size,
        shape=json.dumps(asdict(asked.shape), ensure_ascii=False), mapping=asked.mapping.as_json(), origin=asked.origin,
        who=by.name[:64], state="checking", reached=0, counts="{}", changes="{}", rejects_size=0, created_at=now,
        compared=0, taken_back="{}", failures=0,
    )  # fmt: skip
    session.add(batch)
    session.flush()
    _note(session, by, "began-import", batch, now, file=kept.sha256[:16])
    return batch


def read_otherwise(
    session: Session, by: Staff, number: UUID, shape: Shape, mapping: RowMapping, now: datetime
) -> ImportBatch:
    """Another mapping, or another reading of the file, before it was taken in: it is checked anew. Raises NotNow, BadMapping."""
    mapping.fits(shape.columns)
    again = {
        "shape": json.dumps(asdict(shape), ensure_ascii=False), "mapping": mapping.as_json(), "reached": 0,
        "counts": "{}", "changes": "{}", "expected": None, "rejects_size": 0, "why": None,
    }  # fmt: skip
    batch = _move(session, number, ("checking", "checked"), "checking", **again, **_AFRESH)
    _note(session, by, "changed-import", batch, now)
    return batch


def run(session: Session, by: Staff, number: UUID, now: datetime) -> ImportBatch:
    """Takes it in, from its first row. Raises NotNow."""
    from_the_first = {
        "reached": 0, "counts": "{}", "changes": "{}", "rejects_size": 0, "started_at": now, "why": None,
    }  # fmt: skip
    batch = _move(session, number, ("checked",), "running", **from_the_first, **_AFRESH)
    _note(session, by, "ran-import", batch, now)
    return batch


def pause(session: Session, by: Staff, number: UUID, now: datetime) -> ImportBatch:
    """Ends after the rows that are under way; what was taken in stands. Raises NotNow."""
    batch = _move(session, number, ("running",), "paused", **_AFRESH)
    _note(session, by, "paused-import", batch, now)
    return batch


def resume(session: Session, by: Staff, number: UUID, now: datetime) -> ImportBatch:
    """Goes on where it was paused. Raises NotNow."""
    batch = _move(session, number, ("paused",), "running", **_AFRESH)
    _note(session, by, "resumed-import", batch, now)
    return batch


def stop(session: Session, by: Staff, number: UUID, now: datetime) -> ImportBatch:
    """For good: nothing more is taken in, what was taken in stands and can be taken back. Raises NotNow."""
    states: tuple[State, ...] = ("checking", "checked", "running", "paused")
    batch = _move(session, number, states, "stopped", ended_at=now, **_AFRESH)
    _note(session, by, "stopped-import", batch, now)
    return batch


def reverse(
    session: Session, by: Staff, number: UUID, now: datetime, *, agreed: str | None = None
) -> ImportBatch:
    """Takes the whole of it back (`resign.imports.reversing`). Raises NotNow.

    `agreed` is what speaks for opting in those of whom nothing was known before: without it they stay out.
    """
    who = {"reversed_by": by.name[:64], "agreed": agreed[:500] if agreed else None, "ended_at": None}
    batch = _move(session, number, REVERSIBLE, "reversing", **who, **_AFRESH)
    _note(session, by, "reversed-import", batch, now, agreed=agreed is not None)
    return batch


def one(session: Session, number: UUID, workspaces: Sequence[str]) -> ImportBatch | None:
    """As it is now; None where there is none, or it is another workspace's."""
    batch = session.get(ImportBatch, number, populate_existing=True)
    return batch if batch is not None and batch.workspace in workspaces else None


def listed(
    session: Session, workspaces: Sequence[str], below: UUID | None = None, most: int = _MOST_LISTED
) -> Sequence[ImportBatch]:
    """The newest first; `below` is the last of the page before."""
    query = select(ImportBatch).where(ImportBatch.workspace.in_(workspaces))
    if below is not None:
        query = query.where(ImportBatch.id < below)
    return session.scalars(query.order_by(ImportBatch.id.desc()).limit(most)).all()


def same_content(
    session: Session, workspace: str, sha256: str, but: UUID | None = None
) -> ImportBatch | None:
    """The newest other import of the very same file that was taken in, or is being."""
    query = select(ImportBatch).where(
        ImportBatch.sha256 == sha256,
        ImportBatch.workspace == workspace,
        ImportBatch.state.in_(("running", "paused", "done")),
    )
    if but is not None:
        query = query.where(ImportBatch.id != but)
    return session.scalar(query.order_by(ImportBatch.id.desc()).limit(1))


def rows(
    session: Session, number: UUID, *, verdict: str | None = None, after: int = 0, most: int = _MOST_LISTED
) -> Sequence[ImportRow]:
    """What became of its rows, in the file's order, from the one behind `after`."""
    query = select(ImportRow).where(ImportRow.batch == number, ImportRow.number > after)
    if verdict is not None:
        query = query.where(ImportRow.verdict == verdict)
    return session.scalars(query.order_by(ImportRow.number, ImportRow.part).limit(most)).all()


def shape_of(batch: ImportBatch) -> Shape:
    given = json.loads(batch.shape)
    return Shape(**{**given, "columns": tuple(given["columns"])})


def mapping_of(batch: ImportBatch) -> RowMapping:
    return RowMapping.from_json(batch.mapping)


def counts_of(batch: ImportBatch) -> Mapping[str, int]:
    """Rows by verdict or reason, of the run, or of the dry run until there is one."""
    return cast("dict[str, int]", json.loads(batch.counts))


def rows_of(batch: ImportBatch) -> int:
    """How many rows were dealt with."""
    return sum(count for code, count in counts_of(batch).items() if code != MATCHED)


def changes_of(batch: ImportBatch) -> Mapping[tuple[str, str, str], int]:
    """How many decisions, by agreement, where their people stood before (`-` for nothing known), and after."""
    found = {}
    for key, count in json.loads(batch.changes).items():
        agreement, before, after = key.split(" ")
        found[agreement, before, after] = count
    return found


def taken_back_of(batch: ImportBatch) -> Mapping[str, int]:
    return cast("dict[str, int]", json.loads(batch.taken_back))


def expected_rows(batch: ImportBatch) -> int | None:
    """How many rows the file has, once it was gone through."""
    return None if batch.expected is None else int(json.loads(batch.expected)["rows"])


def _move(
    session: Session, number: UUID, states: Sequence[State], state: State, **values: Any  # noqa: ANN401 - columns
) -> ImportBatch:  # fmt: skip
    """In one statement, so that a worker's next step finds it changed, or comes before it."""
    moved = session.execute(
        update(ImportBatch)
        .where(ImportBatch.id == number, ImportBatch.state.in_(states))
        .values(state=state, **values)
        .execution_options(synchronize_session=False)
    )
    batch = session.get(ImportBatch, number, populate_existing=True)
    if batch is None:
        raise NotNow("there is no such import")
    if not cast("CursorResult[Any]", moved).rowcount:
        raise NotNow(f"the import is {batch.state}; this can be done while it is {' or '.join(states)}")
    return batch


def _note(
    session: Session, by: Staff, action: str, batch: ImportBatch, now: datetime, **detail: object
) -> None:
    """By its id: a file's name may name a person."""
    note(session, by, action, now, workspace=batch.workspace, subject=None, batch=str(batch.id), **detail)
