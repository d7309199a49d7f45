"""The notices' table: what Synerise told us by its outgoing integration, and what became of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from resign.db import Table, UtcDateTime
from resign.db.schema import Counter
from resign.profile import MOST_CHARACTERS


class NoticeRow(Table):
    """One event at Synerise. The hook writes it, the worker weighs it once; `verdict` is empty until then.

    `at` is when it happened there, as far as the body says; `arrived_at` when we heard of it. The key follows
    from what the event says, so that the same event told twice is one row.
    """

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(32))
    workspace: Mapped[str] = mapped_column(String(31))
    action: Mapped[str] = mapped_column(String(32))
    agreement: Mapped[str] = mapped_column(String(64), server_default="newsletter")
    kind: Mapped[str] = mapped_column(String(8))
    identifier: Mapped[str | None] = mapped_column(String(MOST_CHARACTERS))
    digest: Mapped[str] = mapped_column(String(32))
    # Whatever else the event names the person by: `kind:digest`, parted by a blank.
    others: Mapped[str | None] = mapped_column(String(96))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    arrived_at: Mapped[datetime] = mapped_column(UtcDateTime)
    campaign: Mapped[str | None] = mapped_column(String(64))
    variant: Mapped[str | None] = mapped_column(String(64))
    # How it was done there: ONECLICK_LINK, ONECLICK_MAILTO, or whatever else the event says.
    way: Mapped[str | None] = mapped_column(String(32))
    # What speaks for an opt-in: `double-opt-in`, set by the marketer's own automation.
    evidence: Mapped[str | None] = mapped_column(String(32))
    verdict: Mapped[str | None] = mapped_column(String(16))
    weighed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The decision that followed from it, where one did.
    decision: Mapped[UUID | None] = mapped_column(Uuid)
    # For a mail that was sent after a confirmed opt-out: how long after.
    delay_seconds: Mapped[int | None]
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_notices_due", "due_at", postgresql_where=text("verdict IS NULL"), sqlite_where=text("verdict IS NULL")),
        Index("ix_notices_digest", "digest"),
        Index("ix_notices_verdict_id", "verdict", "id"),
    )  # fmt: skip


def is_unweighed() -> ColumnElement[bool]:
    return NoticeRow.verdict.is_(None)
