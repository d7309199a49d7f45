"""The table of people who asked for a new link."""

from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from resign.db import Table, UtcDateTime
from resign.db.schema import Counter
from resign.profile import MOST_CHARACTERS


class LinkRequest(Table):
    """One address for which somebody asked for a link; whether anybody there knows it, the worker finds out.

    verdict: empty until then, `sent`, `unknown` (no such profile), `lately` (one was sent within the hour),
    `refused` (Synerise will never take it), `gave-up` (it could not be reached for a day), `overtaken` (a newer one
    of the same wish stands instead).
    The address is emptied once there is a verdict: it may be anybody's.
    """

    __tablename__ = "link_requests"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    workspace: Mapped[str] = mapped_column(String(31))
    email: Mapped[str | None] = mapped_column(String(MOST_CHARACTERS))
    digest: Mapped[str] = mapped_column(String(32))
    # What is to be confirmed, of a profile of this kind; both empty for a lost link.
    agreement: Mapped[str | None] = mapped_column(String(64))
    kind: Mapped[str | None] = mapped_column(String(8))
    # The newest decision on that agreement when it was asked for, 0 for none: whatever is decided later outranks it.
    after_seq: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    verdict: Mapped[str | None] = mapped_column(String(16))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_link_requests_due", "due_at", postgresql_where=text("verdict IS NULL"), sqlite_where=text("verdict IS NULL")),
        Index("ix_link_requests_digest_at", "digest", "at"),
    )  # fmt: skip


def is_open() -> ColumnElement[bool]:
    return LinkRequest.verdict.is_(None)
