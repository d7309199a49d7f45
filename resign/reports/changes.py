"""From facts to differences: what has to be added to the rollups, given what they already hold of each decision."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from resign.db import Table
from resign.reports.facts import Fact
from resign.reports.tables import RollupCount, RollupMark, RollupTime
from resign.reports.zones import Zones


@dataclass(slots=True)
class Changes:
    """Keys are the tables' keys. `counts` and `undone` share theirs."""

    counts: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    undone: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    times: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    marks: list[dict[str, Any]] = field(default_factory=list)
    # Those that are counted for the first time.
    new: list[Fact] = field(default_factory=list)


def changes_of(facts: Sequence[Fact], marks: Mapping[int, RollupMark], zones: Zones) -> Changes:
    """Counting a decision again changes nothing: only what differs from its mark is added."""
    changes = Changes()
    for fact in facts:
        decision, mark = fact.decision, marks.get(fact.decision.seq)
        day = zones.day_of(decision.workspace, decision.at)
        alike = [
            (decision.workspace, dimension, decision.choice, day, decision.agreement, value or "")
            for dimension, value in (
                ("all", ""),
                ("method", decision.method),
                ("campaign", decision.campaign),
                ("language", decision.language),
            )
        ]
        if mark is None:
            changes.new.append(fact)
            changes.counts.update(alike)
        undone = int(fact.undone) - int(mark.undone if mark else False)
        if undone:
            for key in alike:
                changes.undone[key] += undone
        known = {"confirmed": mark.confirmed, "mail": mark.mail} if mark else {}
        for measure, bucket in (("confirmed", fact.confirmed), ("mail", fact.mail)):
            if known.get(measure) == bucket:
                continue
            if known.get(measure) is not None:
                changes.times[decision.workspace, measure, day, known[measure]] -= 1
            if bucket is not None:
                changes.times[decision.workspace, measure, day, bucket] += 1
        if mark is None or (mark.undone, mark.confirmed, mark.mail) != (
            fact.undone,
            fact.confirmed,
            fact.mail,
        ):
            changes.marks.append(
                {
                    "decision_seq": decision.seq,
                    "undone": fact.undone,
                    "confirmed": fact.confirmed,
                    "mail": fact.mail,
                }
            )
    return changes


def write(session: Session, changes: Changes) -> None:
    """Adds the differences. The caller holds the rollups' turn, and commits."""
    alike = ("workspace", "dimension", "choice", "day", "agreement", "value")
    keys = sorted(changes.counts.keys() | changes.undone.keys())
    _add(
        session, RollupCount, alike,
        [
            {**dict(zip(alike, key, strict=True)), "count": changes.counts[key], "undone": changes.undone[key]}
            for key in keys
        ],
    )  # fmt: skip
    spent = ("workspace", "measure", "day", "bucket")
    _add(
        session, RollupTime, spent,
        [{**dict(zip(spent, key, strict=True)), "count": changes.times[key]} for key in sorted(changes.times)],
    )  # fmt: skip
    if changes.marks:
        insert = inserting(session, RollupMark)
        said = {name: insert.excluded[name] for name in ("undone", "confirmed", "mail")}
        session.execute(
            insert.on_conflict_do_update(index_elements=["decision_seq"], set_=said), changes.marks
        )


def _add(session: Session, table: type[Table], key: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    insert = inserting(session, table)
    columns = table.__table__.c
    sums = {name: columns[name] + insert.excluded[name] for name in rows[0] if name not in key}
    session.execute(insert.on_conflict_do_update(index_elements=list(key), set_=sums), rows)


def inserting(session: Session, table: type[Table]) -> Any:  # noqa: ANN401 - two dialects, one shape
    """Into the table itself: with its class SQLAlchemy takes twice as long over each row, while no press can be written."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(table.__table__)
