"""Dead letters: messages that a destination refused for good. People see why, mend it, and send them again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from resign.ledger.tables import Decision
from resign.outbox.fanout import FAN_OUT_LOCK
from resign.outbox.tables import MessageRow, is_dead
from resign.profile import Kind, Profile


@dataclass(frozen=True, slots=True)
class DeadLetter:
    id: int
    decision_id: UUID
    workspace: str
    destination: str
    at: datetime
    masked: str
    reason: str


def dead_letters(session: Session, most: int = 100) -> list[DeadLetter]:
    """The oldest first."""
    row = MessageRow
    query = (
        select(row.id, row.workspace, row.destination, row.reason, Decision.id, Decision.at, Decision.kind, Decision.identifier)
        .join(Decision, Decision.seq == row.decision_seq)
        .where(is_dead())
        .order_by(row.id)
        .limit(most)
    )  # fmt: skip
    return [
        DeadLetter(
            number,
            decision,
            workspace,
            destination,
            at,
            _masked(kind, identifier),
            reason or "",
        )
        for number, workspace, destination, reason, decision, at, kind, identifier in session.execute(query)
    ]


def _masked(kind: str, identifier: str | None) -> str:
    return Profile(cast("Kind", kind), identifier).masked() if identifier else "(erased)"


def retry(session: Session, now: datetime, ids: Collection[int] | None = None) -> int:
    """Makes dead letters owed again, all of them or these; returns how many. The caller commits.

    One that a newer message about the same subject has overtaken stays dead: sent now, it would be the last word.
    """
    _wait_for_the_fan_out(session)
    row, other = MessageRow, aliased(MessageRow)
    overtaken = exists().where(
        other.subject == row.subject,
        other.agreement == row.agreement,
        other.destination == row.destination,
        other.decision_seq > row.decision_seq,
    )
    change = update(row).where(is_dead(), ~overtaken).values(state="owed", due_at=now, tries=0)
    if ids is not None:
        change = change.where(row.id.in_(ids))
    result = session.execute(change.execution_options(synchronize_session=False))
    return cast("CursorResult[object]", result).rowcount


def _wait_for_the_fan_out(session: Session) -> None:
    """Until whatever is being superseded is committed: the fan-out does not see ours become owed, nor we its newer one.

    On SQLite the writer is alone anyway. Fan-outs stand back until our transaction ends, and come again.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(func.pg_advisory_xact_lock(FAN_OUT_LOCK)))
