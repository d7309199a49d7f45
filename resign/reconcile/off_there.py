"""In here and off there: whoever switched it off there, and was never heard here, is out here from now on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, exists, or_, select
from sqlalchemy.orm import Session

from resign.ledger import decide
from resign.ledger.directly import append, stop_others
from resign.ledger.tables import Decision
from resign.outbox.tables import MessageRow, is_dead, is_live, is_to_synerise
from resign.profile import Kind, Profile
from resign.settings import Workspace


def record_opt_outs(
    session: Session,
    decisions: Sequence[Row[tuple[Decision]]],
    workspaces: Mapping[str, Workspace],
    now: datetime,
) -> None:
    """`decisions` are opt-ins, whose profile was read twice and said "off". The caller commits.

    Must come last in its transaction: it stops all decisions until the commit, and the fan-out, which may be waiting
    for that, holds a lock that we must not ask for any more.
    """
    if not decisions:
        return
    stop_others(session)
    recorded = [
        decide(
            workspace=decision.workspace,
            digest_key=workspaces[decision.workspace].digest_key.encode(),
            profile=Profile(cast("Kind", decision.kind), decision.identifier or ""),
            agreement=decision.agreement,
            choice="opt-out",
            method="synerise",
            actor="reconciliation",
            at=now,
        )
        for decision in decisions
        if _still_holds(session, decision)
    ]
    if recorded:
        append(session, recorded)


def _still_holds(session: Session, decision: Any) -> bool:  # noqa: ANN401 - a row of decisions
    """It is the newest, and Synerise has heard of it: a profile that was never told of an opt-in says "off" as it
    did before, which is no opt-out.
    """
    newer = exists().where(
        Decision.digest == decision.digest,
        Decision.workspace == decision.workspace,
        Decision.agreement == decision.agreement,
        Decision.seq > decision.seq,
    )
    untold = exists().where(
        MessageRow.decision_seq == decision.seq, is_to_synerise(), or_(is_live(), is_dead())
    )
    return not session.scalar(select(newer | untold))
