"""The tables of reversals: what one person proposed and another approved, and what became of each opt-out."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from resign.db import Table, UtcDateTime
from resign.db.schema import Counter

_OPEN_SQL = text("state = 'proposed'")


class BurstProposal(Table):
    """A wish to reverse a burst; one open proposal per burst.

    state: `proposed`, `refused`, `recalled`; `running` from the approval until all of it is done, then `approved`.
    """

    __tablename__ = "burst_proposals"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    burst_id: Mapped[int] = mapped_column(ForeignKey("bursts.id"), index=True)
    proposed_by: Mapped[str] = mapped_column(String(64))
    # Accounts, by which a person is told from another; None where there was none.
    proposed_by_id: Mapped[int | None] = mapped_column(Counter)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The basis of every opt-in that follows: what shows that no person pressed.
    evidence: Mapped[str] = mapped_column(Text)
    # How many opt-outs the proposal was made for. One that joins the burst later was not looked at by anybody.
    last_seq: Mapped[int] = mapped_column(Counter)
    state: Mapped[str] = mapped_column(String(8))
    answered_by: Mapped[str | None] = mapped_column(String(64))
    answered_by_id: Mapped[int | None] = mapped_column(Counter)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("uq_burst_proposals_open", "burst_id", unique=True, postgresql_where=_OPEN_SQL, sqlite_where=_OPEN_SQL),
    )  # fmt: skip


class BurstReversal(Table):
    """What an approval did about one opt-out: `opted-in`, or why not (`repeated`, `overtaken`, `nameless`)."""

    __tablename__ = "burst_reversals"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("burst_proposals.id"), primary_key=True)
    decision_seq: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=False)
    outcome: Mapped[str] = mapped_column(String(9))
    # The opt-in that was recorded, by the method `staff`.
    decision: Mapped[UUID | None] = mapped_column(Uuid)
