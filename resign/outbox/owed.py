"""What is owed, in figures: for `/metrics`, `/readyz` and alarms. Each query reads live messages only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resign.ledger.tables import Decision, is_owed
from resign.outbox.tables import Lane, MessageRow, is_dead, is_live


@dataclass(frozen=True, slots=True)
class Owed:
    """`counts` by workspace, destination and state (`owed`, `accepted`, `dead`)."""

    counts: dict[tuple[str, str, str], int]
    # Decisions that the worker has not fanned out yet; more than a few mean that no worker runs.
    waiting: int
    # When the oldest decision was made that a destination has not accepted yet; None where there is none.
    oldest: datetime | None


def owed(session: Session) -> Owed:
    row = MessageRow
    live = select(row.workspace, row.destination, row.state, func.count()).where(is_live())
    dead = select(row.workspace, row.destination, row.state, func.count()).where(is_dead())
    counts = {
        (workspace, destination, state): count
        for query in (live, dead)
        for workspace, destination, state, count in session.execute(
            query.group_by(row.workspace, row.destination, row.state)
        )
    }
    untold = (
        select(func.min(Decision.at))
        .join(row, row.decision_seq == Decision.seq)
        .where(is_live(), row.state == "owed")
    )
    ages = [session.scalar(untold), session.scalar(select(func.min(Decision.at)).where(is_owed()))]
    waiting = session.scalar(select(func.count()).select_from(Decision).where(is_owed()))
    return Owed(counts, waiting or 0, min((age for age in ages if age is not None), default=None))


def held_lanes(session: Session) -> list[Lane]:
    """Lanes that somebody must mend, or that an outage has paused."""
    return list(session.scalars(select(Lane).where(Lane.paused_until.is_not(None))))
