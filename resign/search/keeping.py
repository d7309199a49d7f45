"""What the index writes: people, and the marks of stretches; and how a person is taken out of it again."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import case, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from resign.db import Table
from resign.ledger.requested import choice_shown
from resign.search import parts
from resign.search.tables import LONG_BITS, STRETCH_BITS, LongStretch, Person, Stretch, StretchMark

INDEX_LOCK = 0x7365_6172  # any number, as long as nothing else in this database locks it
_MARKS = ("campaign", "method", "agreement", "language", "choice", "origin")

_OUT_OF_PARTS = text("INSERT INTO people_parts (people_parts, rowid, folded) VALUES ('delete', :id, :folded)")
_INTO_PARTS = text("INSERT INTO people_parts (rowid, folded) VALUES (:id, :folded)")


def note_people(session: Session, people: Mapping[tuple[str, str], tuple[int, str, str | None]]) -> None:
    """By workspace and digest: a seq of theirs, the identifier, and the address that was read back, where one was."""
    if not people:
        return
    # Apart, and not as pairs: of a list of pairs SQLite makes a walk through all people.
    theirs = (
        Person.workspace.in_({workspace for workspace, _ in people}),
        Person.digest.in_([digest for _, digest in people]),
    )
    columns = select(Person.id, Person.workspace, Person.digest, Person.folded)
    known = {(row.workspace, row.digest): row for row in session.execute(columns.where(*theirs))}
    fresh, changed = [], []
    for key, (seq, identifier, email) in people.items():
        row = known.get(key)
        if row is None:
            fresh.append(_row(session, key, seq, parts.folded(identifier, email)))
        elif email is not None and row.folded != (folded := parts.folded(identifier, email)):
            changed.append((row, _row(session, key, row.id, folded)))
    if fresh:
        session.execute(insert(Person), fresh)
        _put_into_parts(session, fresh)
    for before, after in changed:
        _take_out_of_parts(session, before.id, before.folded)
        session.execute(
            update(Person).where(Person.id == before.id).values(folded=after["folded"], parts=after["parts"])
        )
        _put_into_parts(session, [after])


def note_stretches(session: Session, decisions: Sequence[Any]) -> None:
    if not decisions:
        return
    _note_times(session, Stretch, STRETCH_BITS, decisions)
    _note_times(session, LongStretch, STRETCH_BITS + LONG_BITS, decisions)
    marks = {
        (decision.workspace, name, value, decision.seq >> STRETCH_BITS)
        for decision in decisions
        for name in _MARKS
        if (value := _mark(decision, name))
    }
    session.execute(
        _insert(session, StretchMark).on_conflict_do_nothing(),
        [
            {"workspace": workspace, "name": name, "value": value, "stretch": stretch}
            for workspace, name, value, stretch in sorted(marks)
        ],
    )


def _note_times(
    session: Session, table: type[Stretch] | type[LongStretch], bits: int, decisions: Sequence[Any]
) -> None:
    times: dict[tuple[str, int], list[Any]] = {}
    for decision in decisions:
        times.setdefault((decision.workspace, decision.seq >> bits), []).append(decision.at)
    row = _insert(session, table)
    wider = {
        "earliest": case(
            (row.excluded.earliest < table.earliest, row.excluded.earliest), else_=table.earliest
        ),
        "latest": case((row.excluded.latest > table.latest, row.excluded.latest), else_=table.latest),
    }
    session.execute(
        row.on_conflict_do_update(index_elements=["workspace", "stretch"], set_=wider),
        [
            {"workspace": workspace, "stretch": stretch, "earliest": min(at), "latest": max(at)}
            for (workspace, stretch), at in sorted(times.items())
        ],
    )


def _insert(session: Session, table: type[Table]) -> Any:  # noqa: ANN401 - of either dialect
    return (sqlite if _on_sqlite(session) else postgresql).insert(table)


def _mark(decision: Any, name: str) -> str | None:  # noqa: ANN401 - a row of decisions
    value: str | None = getattr(decision, name)
    return choice_shown(decision.agreement, value) if name == "choice" and value else value


def forget(session: Session, workspace: str, digest: str) -> bool:
    """Takes a person out, in the transaction that empties their identifier; False for somebody who is not in.

    An indexer that has read the identifier, and not committed yet, is waited for: else it would bring it back.
    The caller commits.
    """
    if not _on_sqlite(session):
        session.execute(select(func.pg_advisory_xact_lock(INDEX_LOCK)))
    row = session.execute(
        select(Person.id, Person.folded).where(Person.workspace == workspace, Person.digest == digest)
    ).one_or_none()
    if row is None:
        return False
    _take_out_of_parts(session, row.id, row.folded)
    session.execute(delete(Person).where(Person.id == row.id))
    return True


def _row(session: Session, who: tuple[str, str], number: int, folded: str) -> dict[str, Any]:
    workspace, digest = who
    numbers = None if _on_sqlite(session) else parts.numbers(folded, workspace, number)
    return {"id": number, "workspace": workspace, "digest": digest, "folded": folded, "parts": numbers}


def _put_into_parts(session: Session, people: Sequence[Mapping[str, Any]]) -> None:
    if _on_sqlite(session):
        session.execute(_INTO_PARTS, [{"id": row["id"], "folded": row["folded"]} for row in people])


def _take_out_of_parts(session: Session, number: int, folded: str) -> None:
    """FTS5 keeps no text, so it is told what it had: word for word, or its index would be wrong from then on."""
    if _on_sqlite(session):
        session.execute(_OUT_OF_PARTS, {"id": number, "folded": folded})


def _on_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
