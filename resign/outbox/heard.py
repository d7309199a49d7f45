"""Of opt-outs that a destination decided itself, those that it must hear of from us all the same.

What came from a system is not told back to it. But where the last that we told it of the person is an opt-in, that may
land after its own opt-out: it was in flight, or waited in a queue there. Then the opt-out follows it. Nothing comes round
by that: afterwards the last that it heard is an opt-out, until somebody opts in here again.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from resign.ledger.tables import Decision
from resign.outbox.tables import LIVE, Attempt, MessageRow

Told = tuple[int, str]  # a decision's seq, a destination


def heard_an_opt_in_last(session: Session, owed: Sequence[Any], theirs: Sequence[Sequence[str]]) -> set[Told]:
    """`theirs` are, for each decision, the destinations that lead to where it came from."""
    outs = [
        (decision, several)
        for decision, several in zip(owed, theirs, strict=True)
        if several and decision.choice == "opt-out"
    ]
    if not outs:
        return set()
    _wait_for_claims(session, outs)
    last = _last_told(session, outs)
    return {
        (decision.seq, destination)
        for decision, several in outs
        for destination in several
        if last.get((decision.workspace, decision.digest, decision.agreement, destination)) == "opt-in"
    }


def _wait_for_claims(session: Session, outs: Sequence[tuple[Any, Sequence[str]]]) -> None:
    """On PostgreSQL somebody may be taking up an opt-in at this moment. When they have committed, it is seen to be in
    flight; and until we have, nobody takes up another.
    """
    row = MessageRow
    session.execute(
        select(row.id)
        .join(Decision, Decision.seq == row.decision_seq)
        .where(*_concerns(outs), Decision.choice == "opt-in", row.state.in_(LIVE))
        .order_by(row.id)
        .with_for_update(of=row)
    ).all()


def _last_told(
    session: Session, outs: Sequence[tuple[Any, Sequence[str]]]
) -> dict[tuple[str, str, str, str], str]:
    """The last that each destination was told of these people: of opt-ins also what may have arrived, of opt-outs what did."""
    row = MessageRow
    tried = exists().where(Attempt.message_id == row.id, Attempt.phase == "tell").correlate(row)
    may_have_arrived = (Decision.choice == "opt-in") & or_(row.leased_until.is_not(None), tried)
    query = (
        select(Decision.workspace, Decision.digest, Decision.agreement, row.destination, Decision.choice)
        .join(row, row.decision_seq == Decision.seq)
        .where(*_concerns(outs), or_(row.accepted_at.is_not(None), may_have_arrived))
        .order_by(Decision.seq)
    )
    return {
        (workspace, digest, agreement, destination): choice
        for workspace, digest, agreement, destination, choice in session.execute(query)
    }


def _concerns(outs: Sequence[tuple[Any, Sequence[str]]]) -> tuple[ColumnElement[bool], ...]:
    return (
        Decision.digest.in_({decision.digest for decision, _ in outs}),
        MessageRow.destination.in_({name for _, several in outs for name in several}),
    )
