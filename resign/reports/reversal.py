"""Reversing a burst: one person proposes it with evidence, a second approves, and every opt-in says by whom and why.

Nothing here commits: the caller ends the transaction. Nobody is switched on who also opted out apart from the burst.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast
from unicodedata import normalize

from sqlalchemy import case, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from resign.ledger import decide
from resign.ledger.directly import append, stop_others
from resign.ledger.tables import Decision
from resign.profile import Kind, Profile
from resign.reports.reversal_tables import BurstProposal, BurstReversal
from resign.reports.tables import Burst, BurstMember

_MOST_NAME, MOST_TEXT = 64, 4_000
_PART = 500
_OF_A_MEMBER = (
    Decision.seq, Decision.workspace, Decision.digest, Decision.agreement, Decision.kind, Decision.identifier,
    Decision.campaign, Decision.language,
)  # fmt: skip
Why = Literal[
    "missing", "nobody", "no-evidence", "no-reason", "long", "waits", "answered", "own", "not-own", "unset"
]


class CannotReverse(Exception):
    """The message is a sentence for whoever asked, `why` for who has other words; nothing has been changed."""

    def __init__(self, why: Why, message: str) -> None:
        super().__init__(message)
        self.why = why


@dataclass(frozen=True, slots=True)
class Person:
    """Who proposes or answers. `id` is the account's, where there is one: a name can be spelt in more ways than one."""

    name: str
    id: int | None = None


def propose(session: Session, burst_id: int, *, by: Person, evidence: str, now: datetime) -> BurstProposal:
    """`evidence` is what shows that no person pressed; it becomes the basis of every opt-in that follows."""
    name, basis = _name(by), _text(evidence, "no-evidence", "Say what shows that no person pressed.")
    if session.get(Burst, burst_id) is None:
        raise CannotReverse("missing", "There is no such burst.")
    last = session.scalar(select(func.max(BurstMember.decision_seq)).where(BurstMember.burst_id == burst_id))
    proposal = BurstProposal(
        burst_id=burst_id,
        proposed_by=name,
        proposed_by_id=by.id,
        proposed_at=now,
        evidence=basis,
        last_seq=last or 0,
        state="proposed",
    )
    _only_one(session, proposal)
    return proposal


def refuse(session: Session, proposal_id: int, *, by: Person, why: str, now: datetime) -> BurstProposal:
    """The burst stays as it is, by the word of somebody else than who proposed to reverse it."""
    answer = _text(why, "no-reason", "Say why it is refused.")
    proposal = _open(session, proposal_id)
    if same_person(by, proposal):
        raise CannotReverse("own", "Somebody else has to answer what you proposed. You can take it back.")
    return _answered(session, proposal, "refused", by, now, answer)


def recall(session: Session, proposal_id: int, *, by: Person, now: datetime) -> BurstProposal:
    """Whoever proposed it takes it back; nothing is said about the burst."""
    proposal = _open(session, proposal_id)
    if not same_person(by, proposal):
        raise CannotReverse("not-own", "Only who proposed it can take it back; you can refuse it.")
    return _answered(session, proposal, "recalled", by, now, None)


def approve(
    session: Session,
    proposal_id: int,
    *,
    by: Person,
    digest_keys: Mapping[str, bytes],
    now: datetime,
    note: str = "",
) -> dict[str, int]:
    """Opts in by the method `staff` whoever is out because of the burst alone; how many there were, by outcome.

    Outcomes: `opted-in`; `repeated` (an earlier press of somebody who was opted in by a later one); `overtaken` (they
    are in already, or opted out apart from the burst too); `nameless` (retention has emptied the identifier).
    """
    name = _name(by)
    proposal = _open(session, proposal_id)
    if same_person(by, proposal):
        raise CannotReverse("own", "Somebody else has to approve what you proposed.")
    burst = session.get_one(Burst, proposal.burst_id)
    key = digest_keys.get(burst.workspace)
    if key is None:
        raise CannotReverse("unset", "The settings do not name this workspace any more.")
    members = session.execute(
        select(*_OF_A_MEMBER)
        .join(BurstMember, BurstMember.decision_seq == Decision.seq)
        .where(BurstMember.burst_id == burst.id, Decision.seq <= proposal.last_seq)
        .order_by(Decision.seq.desc())
    ).all()
    # Whoever presses now must not count as older than the opt-in that is written for them.
    stop_others(session)
    counts = _reverse(session, proposal, members, key, name, now)
    _answered(session, proposal, "approved", by, now, note.strip()[:MOST_TEXT] or None)
    return dict(counts)


def _reverse(
    session: Session, proposal: BurstProposal, members: Sequence[Any], key: bytes, by: str, now: datetime
) -> Counter[str]:
    alone = _hold_alone(session, proposal, members)
    done: set[tuple[str, str]] = set()
    counts: Counter[str] = Counter()
    opt_ins, reversals = [], []
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
                actor=by,
                at=now,
                campaign=member.campaign,
                language=member.language,
            )
            opt_ins.append(opt_in)
            done.add(who)
        counts[outcome] += 1
        reversals.append(
            {
                "proposal_id": proposal.id,
                "decision_seq": member.seq,
                "outcome": outcome,
                "decision": opt_in.id if opt_in else None,
            }
        )
    if reversals:
        session.execute(insert(BurstReversal), reversals)
    if opt_ins:
        append(session, opt_ins)
    return counts


def _hold_alone(session: Session, proposal: BurstProposal, members: Sequence[Any]) -> set[int]:
    """Those by which somebody is out now, and by nothing since their last opt-in that is not of the burst.

    Asked for many at once: meanwhile nobody can press, and a burst may be of thousands.
    """
    proposed = (BurstMember.decision_seq == Decision.seq) & (BurstMember.burst_id == proposal.burst_id)
    is_strange = BurstMember.decision_seq.is_(None) | (Decision.seq > proposal.last_seq)
    opt_in, strange_out = (
        func.coalesce(func.max(case((which, Decision.seq))), 0)
        for which in (Decision.choice == "opt-in", (Decision.choice == "opt-out") & is_strange)
    )
    newest = func.max(Decision.seq)
    digests = sorted({member.digest for member in members})
    found: set[int] = set()
    for begin in range(0, len(digests), _PART):
        found.update(
            session.scalars(
                select(newest)
                .outerjoin(BurstMember, proposed)
                .where(
                    Decision.workspace == members[0].workspace,
                    Decision.digest.in_(digests[begin : begin + _PART]),
                )
                .group_by(Decision.digest, Decision.agreement)
                .having((newest > opt_in) & (strange_out <= opt_in))
            )
        )
    return found


def _open(session: Session, proposal_id: int) -> BurstProposal:
    """Held until the transaction ends, so that of two people who answer at once the second sees what the first said."""
    proposal = session.get(BurstProposal, proposal_id, with_for_update=True, populate_existing=True)
    if proposal is None:
        raise CannotReverse("missing", "There is no such proposal.")
    if proposal.state != "proposed":
        raise CannotReverse("answered", f"This was {proposal.state} by {proposal.answered_by} already.")
    return proposal


def _only_one(session: Session, proposal: BurstProposal) -> None:
    waiting = select(BurstProposal.id).where(
        BurstProposal.burst_id == proposal.burst_id, BurstProposal.state == "proposed"
    )
    if session.scalar(waiting) is not None:
        raise CannotReverse("waits", "Somebody has proposed this already; it waits for an answer.")
    session.add(proposal)
    try:
        session.flush()
    except IntegrityError:
        raise CannotReverse("waits", "Somebody has proposed this already; it waits for an answer.") from None


def _answered(
    session: Session, proposal: BurstProposal, state: str, by: Person, now: datetime, answer: str | None
) -> BurstProposal:
    proposal.state, proposal.answered_by, proposal.answered_by_id = state, _name(by), by.id
    proposal.answered_at, proposal.answer = now, answer
    session.flush()
    return proposal


def same_person(by: Person, proposal: BurstProposal) -> bool:
    """By the account, under whatever name; and by the name, under whatever account."""
    if by.id is not None and by.id == proposal.proposed_by_id:
        return True
    return _folded(by.name) == _folded(proposal.proposed_by)


def _folded(name: str) -> str:
    return normalize("NFKC", normalize("NFKC", name).casefold()).strip()


def _name(by: Person) -> str:
    name = by.name.strip()
    if not name or len(name) > _MOST_NAME:
        raise CannotReverse("nobody", "It must be known who asks.")
    return name


def _text(said: str, why: Why, missing: str) -> str:
    text = said.replace("\x00", " ").strip()
    if not text:
        raise CannotReverse(why, missing)
    if len(text) > MOST_TEXT:
        raise CannotReverse("long", f"At most {MOST_TEXT} characters can be kept.")
    return text
