"""What a person may be told about their newest decision: how far it has got, in one read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from resign.ledger import Newest
from resign.ledger.tables import Decision
from resign.outbox.tables import MessageRow

Told = Literal["telling", "confirmed", "unknown", "delayed"]

_TROUBLED = {"busy", "unreachable", "misconfigured", "refused", "drifted"}

_STANDING = (
    select(
        Decision.seq,
        Decision.id,
        Decision.choice,
        Decision.method,
        Decision.at,
        Decision.language,
        Decision.owed,
        MessageRow.state,
        MessageRow.outcome,
        MessageRow.confirmed_at,
    )
    .outerjoin(
        MessageRow,
        (MessageRow.decision_seq == Decision.seq) & (MessageRow.destination == bindparam("destination")),
    )
    .where(
        Decision.digest == bindparam("digest"),
        Decision.workspace == bindparam("workspace"),
        Decision.agreement == bindparam("agreement"),
    )
    .order_by(Decision.seq.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest decision, and whether the destination is known to have heard of it."""

    newest: Newest
    told: Told
    confirmed_at: datetime | None


def standing(
    session: Session, workspace: str, digest: str, agreement: str, *, destination: str = "synerise"
) -> Standing | None:
    """Where a profile stands on an agreement, or None for somebody who never decided anything here."""
    asked = {"workspace": workspace, "digest": digest, "agreement": agreement, "destination": destination}
    row = session.execute(_STANDING, asked).one_or_none()
    if row is None:
        return None
    *newest, state, outcome, confirmed_at = row
    return Standing(Newest(*newest), _told(state, outcome), confirmed_at)


def _told(state: str | None, outcome: str | None) -> Told:
    if state == "confirmed":
        return "confirmed"
    if outcome == "no-such-profile":
        return "unknown"
    return "delayed" if outcome in _TROUBLED else "telling"
