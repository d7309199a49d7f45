"""The tables about those who work with the console."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from resign.db import Table, UtcDateTime
from resign.db.schema import Counter


class Deed(Table):
    """One thing that somebody did or looked at in the console (E5). Append-only.

    `subject` is the keyed digest of the person it was about, as in the ledger; `detail` is JSON in which no address,
    network address or token stands. `name` stays when the account is gone.
    """

    __tablename__ = "deeds"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    staff_id: Mapped[int | None] = mapped_column(Counter)
    name: Mapped[str] = mapped_column(String(64))
    workspace: Mapped[str | None] = mapped_column(String(31))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str | None] = mapped_column(String(32))
    detail: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_deeds_subject_id", "subject", "id"),
        Index("ix_deeds_workspace_id", "workspace", "id"),
    )
