"""Tells a decision again that has long been settled, because the destination was found to say something else."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, exists, func, insert, select, update
from sqlalchemy.orm import Session

from resign.ledger.tables import Decision
from resign.outbox.fanout import FAN_OUT_LOCK
from resign.outbox.tables import LIVE, Attempt, MessageRow


def tell_again(
    session: Session,
    decision: Any,  # noqa: ANN401 - a row of decisions
    destination: str,
    subject: str,
    reason: str,
    now: datetime,
) -> bool:
    """Makes the decision's message owed again, or makes one where there never was. The caller commits.

    False where that would be wrong by now: a newer decision has come, or the message is under way already.
    """
    wait_for_the_fan_out(session)
    row = MessageRow
    newer = exists().where(
        Decision.digest == decision.digest,
        Decision.workspace == decision.workspace,
        Decision.agreement == decision.agreement,
        Decision.seq > decision.seq,
    )
    under_way = exists().where(
        row.subject == subject, row.agreement == decision.agreement, row.destination == destination,
        row.state.in_(LIVE),
    )  # fmt: skip
    if session.scalar(select(newer | under_way)):
        return False
    _owe(session, decision, destination, subject, now)
    number = session.scalar(
        select(row.id).where(row.decision_seq == decision.seq, row.destination == destination)
    )
    session.execute(
        insert(Attempt).values(
            message_id=number, at=now, phase="read-back", outcome="drifted", reason=reason, milliseconds=0
        )
    )
    return True


def wait_for_the_fan_out(session: Session) -> None:
    """Until a newer message is committed, which we would not see: ours would then be told after it.

    On SQLite the writer is alone anyway. Fan-outs stand back until our transaction ends, and overtake ours then.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(func.pg_advisory_xact_lock(FAN_OUT_LOCK)))


def _owe(session: Session, decision: Any, destination: str, subject: str, now: datetime) -> None:  # noqa: ANN401 - as above
    row = MessageRow
    changed = session.execute(
        update(row)
        .where(row.decision_seq == decision.seq, row.destination == destination)
        .values(
            state="owed",
            due_at=now,
            owed_since=now,
            tries=0,
            tellings=row.tellings + 1,
            outcome="drifted",
            confirmed_at=None,
        )
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[object]", changed).rowcount:
        return
    # It came from the destination itself, so nothing was owed there. What it says now is not an echo of that.
    session.execute(
        insert(row).values(
            decision_seq=decision.seq, destination=destination, workspace=decision.workspace, subject=subject,
            agreement=decision.agreement, state="owed", due_at=now, owed_since=now,
        )
    )  # fmt: skip
