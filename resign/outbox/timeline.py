"""The story of one decision, as rows in order of time: recorded, each attempt, accepted, confirmed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.ledger.tables import Decision
from resign.outbox.tables import Attempt, MessageRow


@dataclass(frozen=True, slots=True)
class Step:
    at: datetime
    what: str
    detail: str = ""


def timeline(session: Session, decision_id: UUID) -> list[Step]:
    """Empty for a decision that is not in the ledger."""
    decision = session.execute(
        select(Decision.seq, Decision.at, Decision.choice, Decision.method).where(Decision.id == decision_id)
    ).one_or_none()
    if decision is None:
        return []
    attempts = session.execute(
        select(Attempt.at, Attempt.phase, Attempt.outcome, Attempt.reason, MessageRow.destination)
        .join(MessageRow, MessageRow.id == Attempt.message_id)
        .where(MessageRow.decision_seq == decision.seq)
        .order_by(Attempt.id)
    )
    steps = [Step(decision.at, "recorded", f"{decision.choice} by {decision.method}")]
    steps += [
        Step(row.at, row.outcome, f"{row.destination} {row.phase}{f': {row.reason}' if row.reason else ''}")
        for row in attempts
    ]
    return steps
