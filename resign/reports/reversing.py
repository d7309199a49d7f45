"""Carries out the reversals that were approved: a chore of the worker's, piece by piece, because presses wait meanwhile.

Nobody is switched on who also opted out apart from the burst. Of each person the newest press comes first; an earlier
one then finds what became of it.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import case, func, insert, select
from sqlalchemy.orm import Session

from resign.clock import Clock
from resign.db import Database
from resign.ledger import NewDecision, decide
from resign.ledger.directly import append, stop_others
from resign.ledger.tables import Decision
from resign.profile import Kind, Profile
from resign.reports.reversal_tables import BurstProposal, BurstReversal
from resign.reports.tables import Burst, BurstMember

log = logging.getLogger(__name__)

# Whoever presses waits for a piece's transaction; between two of them their turn comes.
AT_ONCE = 100
BREATH_SECONDS = 0.005
_OF_A_MEMBER = (
    Decision.seq, Decision.workspace, Decision.digest, Decision.agreement, Decision.kind, Decision.identifier,
    Decision.campaign, Decision.language,
)  # fmt: skip


class Reversing:
    """One `step` at a time, of each reversal in turn; several processes may run one each.

    A step is one piece: one short transaction in which the opt-ins are appended and what became of each opt-out is
    written. What is written says how far it has come, so that a kill at any point loses nothing and repeats nothing.
    """

    def __init__(
        self,
        database: Database,
        digest_keys: Mapping[str, bytes],
        clock: Clock,
        *,
        breath: float = BREATH_SECONDS,
    ) -> None:
        self._database = database
        self._digest_keys = digest_keys
        self._clock = clock
        self._breath = breath
        self._latest = 0

    def step(self) -> bool:
        """True where more is waiting."""
        number = self._next()
        if number is None:
            return False
        self._latest = number  # first: one that fails keeps none of the others waiting
        with self._database.writing() as session:
            # Held until the transaction ends, so that of two workers the second goes on behind the first.
            proposal = session.get_one(BurstProposal, number, with_for_update=True)
            if proposal.state == "running":
                self._reverse_some(session, proposal)
                session.commit()
        time.sleep(self._breath)
        return True

    def _next(self) -> int | None:
        """The one after the latest, so that a large one keeps no small one waiting. Others' workspaces are not ours."""
        query = (
            select(BurstProposal.id)
            .join(Burst, Burst.id == BurstProposal.burst_id)
            .where(BurstProposal.state == "running", Burst.workspace.in_(self._digest_keys))
            .order_by(case((BurstProposal.id > self._latest, 0), else_=1), BurstProposal.id)
            .limit(1)
        )
        with self._database.reading() as session:
            return session.scalar(query)

    def _reverse_some(self, session: Session, proposal: BurstProposal) -> None:
        members = _next_members(session, proposal)
        if members:
            # Whoever presses now must not count as older than the opt-in that is written for them.
            stop_others(session)
            key = self._digest_keys[members[0].workspace]
            _reverse(session, proposal, members, key, self._clock.now())
        if len(members) < AT_ONCE:
            proposal.state = "approved"
            log.info("A burst was reversed", extra={"burst": proposal.burst_id, "proposal": proposal.id})


def _next_members(session: Session, proposal: BurstProposal) -> Sequence[Any]:
    """Those below the last that was gone through; the newest first."""
    reached = session.scalar(
        select(func.min(BurstReversal.decision_seq)).where(BurstReversal.proposal_id == proposal.id)
    )
    below = BurstMember.decision_seq < (proposal.last_seq + 1 if reached is None else reached)
    # Chosen before they are joined: PostgreSQL would look up the decisions of the whole burst each time, and sort them.
    chosen = (
        select(BurstMember.decision_seq)
        .where(BurstMember.burst_id == proposal.burst_id, below)
        .order_by(BurstMember.decision_seq.desc())
        .limit(AT_ONCE)
        .subquery()
    )
    return session.execute(
        select(*_OF_A_MEMBER)
        .join(chosen, chosen.c.decision_seq == Decision.seq)
        .order_by(Decision.seq.desc())
    ).all()


def _reverse(
    session: Session, proposal: BurstProposal, members: Sequence[Any], key: bytes, now: datetime
) -> None:
    alone, done = _standing(session, proposal, members)
    opt_ins: list[NewDecision] = []
    reversals: list[dict[str, Any]] = []
    for member in members:  # each person's newest first
        who = (member.digest, member.agreement)
        opt_in = None
        if who in done:
            outcome = "repeated"
        elif member.seq not in alone:
            outcome = "overtaken"
        elif member.identifier is None:
            outcome = "nameless"
        else:
            outcome = "opted-in"
            opt_in = decide(
                workspace=member.workspace,
                digest_key=key,
                profile=Profile(cast("Kind", member.kind), member.identifier),
                agreement=member.agreement,
                choice="opt-in",
                method="staff",
                actor=cast("str", proposal.answered_by),
                at=now,
                campaign=member.campaign,
                language=member.language,
            )
            opt_ins.append(opt_in)
            done.add(who)
        reversals.append(
            {
                "proposal_id": proposal.id,
                "decision_seq": member.seq,
                "outcome": outcome,
                "decision": opt_in.id if opt_in else None,
            }
        )
    session.execute(insert(BurstReversal), reversals)
    if opt_ins:
        append(session, opt_ins)


def _standing(
    session: Session, proposal: BurstProposal, members: Sequence[Any]
) -> tuple[set[int], set[tuple[str, str]]]:
    """The opt-outs that hold alone, and who has been opted in by an earlier piece, for a later press of theirs.

    One holds alone by which somebody is out now, and by nothing since their last opt-in that is not of the burst.
    """
    proposed = (BurstMember.decision_seq == Decision.seq) & (BurstMember.burst_id == proposal.burst_id)
    dealt_with = (BurstReversal.decision_seq == Decision.seq) & (BurstReversal.proposal_id == proposal.id)
    is_strange = BurstMember.decision_seq.is_(None) | (Decision.seq > proposal.last_seq)
    opt_in, strange_out, opted_in_for = (
        func.coalesce(func.max(case((which, Decision.seq))), 0)
        for which in (
            Decision.choice == "opt-in",
            (Decision.choice == "opt-out") & is_strange,
            BurstReversal.outcome == "opted-in",
        )
    )
    digests = sorted({member.digest for member in members})
    found = session.execute(
        select(Decision.digest, Decision.agreement, func.max(Decision.seq), opt_in, strange_out, opted_in_for)
        .outerjoin(BurstMember, proposed)
        .outerjoin(BurstReversal, dealt_with)
        .where(Decision.workspace == members[0].workspace, Decision.digest.in_(digests))
        .group_by(Decision.digest, Decision.agreement)
    ).all()
    alone = {newest for _, _, newest, back, strange, _ in found if newest > back >= strange}
    return alone, {(digest, agreement) for digest, agreement, *_, opted_in in found if opted_in}
