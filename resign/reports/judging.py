"""How people have judged a burst: not yet, proposed to be reversed, being reversed, reversed, or left as it is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resign.ledger.tables import Decision
from resign.reports.reversal_tables import BurstProposal, BurstReversal
from resign.reports.span import Span
from resign.reports.tables import Burst, BurstMember
from resign.reports.zones import edges


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One opt-out of a burst; `outcome` as the newest approval that reached it left it."""

    decision: Decision
    outcome: str | None


def unjudged(session: Session, workspace: str, span: Span) -> int:
    """How many bursts of those days nobody has said a last word about."""
    begin, end = edges(session, workspace, span)
    judged = select(BurstProposal.burst_id).where(BurstProposal.state.in_(("running", "approved", "refused")))
    query = select(func.count(Burst.id)).where(
        Burst.workspace == workspace, Burst.first_at >= begin, Burst.first_at < end, Burst.id.not_in(judged)
    )
    return session.scalar(query) or 0


def standings(session: Session, numbers: Collection[int]) -> dict[int, str]:
    """By the newest proposal that was not taken back; `open` where there is none."""
    query = select(BurstProposal.burst_id, BurstProposal.state).where(
        BurstProposal.burst_id.in_(numbers), BurstProposal.state != "recalled"
    )
    said = dict(session.execute(query.order_by(BurstProposal.id)).all())
    return {number: said.get(number, "open") for number in numbers}


def proposals(session: Session, number: int) -> Sequence[BurstProposal]:
    """The newest first."""
    query = select(BurstProposal).where(BurstProposal.burst_id == number)
    return session.scalars(query.order_by(BurstProposal.id.desc())).all()


def members(session: Session, number: int, after: int, most: int) -> list[Member]:
    """In the order in which they were recorded, from behind `after`."""
    decisions = session.scalars(
        select(Decision)
        .join(BurstMember, BurstMember.decision_seq == Decision.seq)
        .where(BurstMember.burst_id == number, Decision.seq > after)
        .order_by(Decision.seq)
        .limit(most)
    ).all()
    outcomes = dict(
        session.execute(
            select(BurstReversal.decision_seq, BurstReversal.outcome)
            .join(BurstProposal, BurstProposal.id == BurstReversal.proposal_id)
            .where(
                BurstProposal.burst_id == number, BurstReversal.decision_seq.in_([d.seq for d in decisions])
            )
            .order_by(BurstReversal.proposal_id)
        ).all()
    )
    return [Member(decision=each, outcome=outcomes.get(each.seq)) for each in decisions]


def seconds(session: Session, number: int) -> list[datetime]:
    """When each opt-out of it was made, in the order of time."""
    query = select(Decision.at).join(BurstMember, BurstMember.decision_seq == Decision.seq)
    return list(session.scalars(query.where(BurstMember.burst_id == number).order_by(Decision.at)))


def progress_of(session: Session, proposal: BurstProposal) -> tuple[int, int]:
    """How many opt-outs an approval has gone through, and of how many."""
    done = select(func.count()).where(BurstReversal.proposal_id == proposal.id)
    all_of_it = select(func.count()).where(
        BurstMember.burst_id == proposal.burst_id, BurstMember.decision_seq <= proposal.last_seq
    )
    return session.scalar(done) or 0, session.scalar(all_of_it) or 0


def outcomes_of(session: Session, number: int) -> dict[str, int]:
    """Of all approvals together: how many ended how."""
    query = (
        select(BurstReversal.outcome, func.count())
        .join(BurstProposal, BurstProposal.id == BurstReversal.proposal_id)
        .where(BurstProposal.burst_id == number)
        .group_by(BurstReversal.outcome)
    )
    return dict(session.execute(query).all())
