"""What a list shows of a decision: never an address in clear. That has a door of its own, for whoever audits it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.ids import reference
from resign.ledger.requested import asked_for, choice_shown
from resign.ledger.tables import Consent, Decision
from resign.profile import Kind, Profile
from resign.search.states import Delivery, deliveries

ERASED = "(erased)"


@dataclass(frozen=True, slots=True)
class Row:
    """`digest` names the person: for the timeline, and for whoever opens it."""

    seq: int
    id: UUID
    workspace: str
    digest: str
    at: datetime
    choice: str
    method: str
    agreement: str
    campaign: str | None
    language: str | None
    until: datetime | None
    masked: str
    delivery: Delivery

    @property
    def reference(self) -> str:
        return reference(self.id)


@dataclass(frozen=True, slots=True)
class Clear:
    """One person as they may be read. Empty strings where retention has emptied them."""

    kind: str
    identifier: str
    # The address that Synerise named for a customId or clientId.
    email: str = ""

    def __repr__(self) -> str:
        return "Clear(…)"


def rows(session: Session, seqs: Sequence[int]) -> list[Row]:
    """In the order of `seqs`."""
    c = Decision.__table__.c
    columns = (
        c.seq, c.id, c.workspace, c.digest, c.at, c.choice, c.method, c.agreement, c.campaign, c.language, c.until,
        c.kind, c.identifier, c.owed,
    )  # fmt: skip
    found = {row.seq: row for row in session.execute(select(*columns).where(c.seq.in_(seqs)))}
    told = deliveries(session, found.keys())
    return [_row(found[seq], told.get(seq, "none")) for seq in seqs if seq in found]


def _row(found: Any, told: Delivery) -> Row:  # noqa: ANN401 - a row of the query above
    *shown, kind, identifier, owed = found
    values: tuple[Any, ...] = (*shown, masked(kind, identifier), "telling" if owed else told)
    row = Row(*values)
    return replace(row, choice=choice_shown(row.agreement, row.choice), agreement=asked_for(row.agreement))


def masked(kind: str, identifier: str | None) -> str:
    return Profile(cast("Kind", kind), identifier).masked() if identifier else ERASED


def reveal(session: Session, workspace: str, digest: str, workspaces: Collection[str]) -> Clear | None:
    """The identifier and the address in clear; None for somebody unknown, or of a workspace that is not among these.

    Whoever calls it writes down who looked (E5).
    """
    if workspace not in workspaces:
        return None
    row = session.execute(
        select(Decision.kind, Decision.identifier)
        .where(Decision.digest == digest, Decision.workspace == workspace)
        .order_by(Decision.seq.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    linked = select(Consent.email).where(
        Consent.workspace == workspace, Consent.digest == digest, Consent.email.is_not(None)
    )
    return Clear(row.kind, row.identifier or "", session.scalar(linked.limit(1)) or "")
