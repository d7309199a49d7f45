"""Who was told of a decision, every attempt at it, and when it was confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.outbox.tables import Attempt, MessageRow

# An outage of days tries thousands of times: of these the first and the last are what matters.
_MOST_ATTEMPTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """`phase` is `tell` or `read-back`; `request_id` is the other side's own name for the call."""

    at: datetime
    phase: str
    outcome: str
    reason: str | None
    request_id: str | None
    milliseconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`confirmed_at`: the profile was read back and said so. `attempts_left_out`: so many between first and last."""

    destination: str
    state: str
    accepted_at: datetime | None
    confirmed_at: datetime | None
    attempts: tuple[Tried, ...]
    attempts_left_out: int


def told(session: Session, seqs: Sequence[int]) -> dict[int, tuple[Told, ...]]:
    """By the decisions' seqs."""
    found: dict[int, tuple[Told, ...]] = {}
    messages = select(MessageRow).where(MessageRow.decision_seq.in_(seqs)).order_by(MessageRow.id)
    for message in session.scalars(messages).all():
        attempts, left_out = _attempts(session, message.id)
        one = Told(
            destination=message.destination, state=message.state, accepted_at=message.accepted_at,
            confirmed_at=message.confirmed_at, attempts=attempts, attempts_left_out=left_out,
        )  # fmt: skip
        found[message.decision_seq] = (*found.get(message.decision_seq, ()), one)
    return found


def _attempts(session: Session, message: int) -> tuple[tuple[Tried, ...], int]:
    half = _MOST_ATTEMPTS // 2
    ids = session.scalars(select(Attempt.id).where(Attempt.message_id == message).order_by(Attempt.id)).all()
    kept = ids if len(ids) <= _MOST_ATTEMPTS else [*ids[:half], *ids[-half:]]
    rows = session.scalars(select(Attempt).where(Attempt.id.in_(kept)).order_by(Attempt.id))
    tried = tuple(
        Tried(at=row.at, phase=row.phase, outcome=row.outcome, reason=row.reason, request_id=row.request_id,
              milliseconds=row.milliseconds)
        for row in rows
    )  # fmt: skip
    return tried, len(ids) - len(kept)
