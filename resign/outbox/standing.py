"""What a person may be told about their newest decision: how far it has got, in one read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from resign.ledger import Newest, outs_since_last_opt_in
from resign.ledger.newest import COLUMNS, OF_ONE_PROFILE
from resign.ledger.tables import Decision
from resign.outbox.tables import SETTLED, Attempt, MessageRow, is_live, is_to_synerise

Told = Literal["telling", "confirmed", "unknown", "delayed"]

_TROUBLED = {"busy", "unreachable", "misconfigured", "refused", "drifted"}

_STANDING = (
    select(*COLUMNS, MessageRow.state, MessageRow.outcome, MessageRow.confirmed_at)
    .outerjoin(
        MessageRow,
        (MessageRow.decision_seq == Decision.seq) & (MessageRow.destination == bindparam("destination")),
    )
    .where(*OF_ONE_PROFILE)
    .order_by(Decision.seq.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest decision, and whether the destination is known to have heard of it."""

    newest: Newest
    told: Told
    confirmed_at: datetime | None
    # The opt-outs since the last opt-in, newest first: what an undo would undo.
    outs: tuple[Newest, ...]
    # Nothing more happens to its message by itself.
    is_settled: bool = False
    # A break that does not end by itself: since it began, something else says that they are out.
    is_for_good: bool = False

    @property
    def until(self) -> datetime | None:
        """When the emails begin again; None for somebody who is out for good, by whichever of their opt-outs."""
        ends = self.outs and all(out.until for out in self.outs) and not self.is_for_good
        return self.newest.until if ends else None


def standing(
    session: Session, workspace: str, digest: str, agreement: str, *, destination: str = "synerise"
) -> Standing | None:
    """Where a profile stands on an agreement, or None for somebody who never decided anything here."""
    asked = {"workspace": workspace, "digest": digest, "agreement": agreement, "destination": destination}
    row = session.execute(_STANDING, asked).one_or_none()
    if row is None:
        return None
    *columns, state, outcome, confirmed_at = row
    newest = Newest(*columns)
    outs = outs_since_last_opt_in(session, workspace, digest, agreement) if newest.choice == "opt-out" else []
    if state is None and newest.method == destination:
        # It was decided there, so there is nothing to tell and nothing to wait for.
        return Standing(newest, "confirmed", newest.at, tuple(outs), is_settled=not newest.owed)
    return Standing(newest, _told(state, outcome), confirmed_at, tuple(outs), is_settled=state in SETTLED)


def is_under_way(session: Session, newest: Newest) -> bool:
    """Whether Synerise is still to hear of the decision, or to be asked about it: until then its profile says less than we know."""
    if newest.owed:
        return True
    of_it = MessageRow.decision_seq == (newest.told_by or newest.seq)
    return (
        session.scalar(select(MessageRow.id).where(of_it, is_to_synerise(), is_live()).limit(1)) is not None
    )


def last_told(session: Session, seq: int) -> datetime | None:
    """When Synerise was last told of a decision, or that was tried: an attempt that failed may have arrived."""
    of_it = (MessageRow.decision_seq == seq, is_to_synerise(), Attempt.phase == "tell")
    return session.scalar(
        select(func.max(Attempt.at)).join(MessageRow, MessageRow.id == Attempt.message_id).where(*of_it)
    )


def _told(state: str | None, outcome: str | None) -> Told:
    if state == "confirmed":
        return "confirmed"
    if outcome == "no-such-profile":
        return "unknown"
    return "delayed" if outcome in _TROUBLED else "telling"
