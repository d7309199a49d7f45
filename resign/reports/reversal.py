"""What people decide about reversing a burst: one proposes it with evidence, a second approves or refuses.

Nothing here commits: the caller ends the transaction.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from unicodedata import normalize

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from resign.reports.reversal_tables import BurstProposal
from resign.reports.tables import Burst, BurstMember

_MOST_NAME, MOST_TEXT = 64, 4_000
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
    workspaces: Collection[str],
    now: datetime,
    note: str = "",
) -> BurstProposal:
    """Records the answer; `Reversing` carries it out. `workspaces` are those that the settings name."""
    proposal = _open(session, proposal_id)
    if same_person(by, proposal):
        raise CannotReverse("own", "Somebody else has to approve what you proposed.")
    if session.get_one(Burst, proposal.burst_id).workspace not in workspaces:
        raise CannotReverse("unset", "The settings do not name this workspace any more.")
    return _answered(session, proposal, "running", by, now, note.strip()[:MOST_TEXT] or None)


def _open(session: Session, proposal_id: int) -> BurstProposal:
    """Held until the transaction ends, so that of two people who answer at once the second sees what the first said."""
    proposal = session.get(BurstProposal, proposal_id, with_for_update=True, populate_existing=True)
    if proposal is None:
        raise CannotReverse("missing", "There is no such proposal.")
    if proposal.state != "proposed":
        said = "approved" if proposal.state == "running" else proposal.state
        raise CannotReverse("answered", f"This was {said} by {proposal.answered_by} already.")
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
