"""A part of a run: the next few people, as the ledger has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from resign.ledger.tables import Consent, Decision
from resign.outbox.tables import LIVE, MessageRow, is_to_synerise
from resign.reconcile.tables import Reconciliation

AGREEMENT = "newsletter"


@dataclass(frozen=True, slots=True)
class Part:
    run: int
    # The lease it is looked at under: where the run shows another one, somebody else has taken over.
    leased_until: datetime
    decisions: Sequence[Row[tuple[Decision]]]
    # How many may be asked about a second time.
    second_looks: int
    # The last digest of the part; None at the end of the consents.
    last: str | None


def next_part(
    session: Session, run: Reconciliation, leased_until: datetime, *, most: int, calls: int
) -> Part:
    """The next consents behind the cursor, at most so many, each with its newest decision. `calls` is what is left
    of the day's calls.

    None that is being told now, or is still to be fanned out: Synerise cannot know of those yet.
    """
    digests = session.scalars(
        select(Consent.digest)
        .where(
            Consent.workspace == run.workspace, Consent.agreement == AGREEMENT, Consent.digest > run.cursor
        )
        .order_by(Consent.digest)
        .limit(most)
    ).all()
    columns = Decision.__table__.c
    newest = (
        select(func.max(Decision.seq))
        .where(
            Decision.workspace == run.workspace,
            Decision.agreement == AGREEMENT,
            Decision.digest.in_(digests),
            Decision.identifier.is_not(None),
        )
        .group_by(Decision.digest)
    )
    under_way = select(MessageRow.decision_seq).where(MessageRow.state.in_(LIVE), is_to_synerise())
    decisions = session.execute(
        select(*columns).where(
            columns.seq.in_(newest),
            columns.owed.is_(False),
            columns.seq.not_in(under_way.where(MessageRow.decision_seq == columns.seq)),
        )
    ).all()
    second_looks = min(len(decisions), calls - len(decisions))
    last = digests[-1] if len(digests) == most else None
    return Part(run.id, leased_until, decisions, second_looks, last)
