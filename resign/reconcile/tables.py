"""The table of comparisons between the ledger and Synerise."""

from datetime import date, datetime

from sqlalchemy import String, text
from sqlalchemy.orm import Mapped, mapped_column

from resign.db import Table, UtcDateTime
from resign.db.schema import Counter


class Reconciliation(Table):
    """One run over a workspace's consents, in the order of their digests. `cursor` is the last one looked at:
    a run that was stopped, or had used up its calls, goes on behind it.
    """

    __tablename__ = "reconciliations"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    workspace: Mapped[str] = mapped_column(String(31), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When the next part may be looked at: at once, after a pause, or with the next day's calls.
    resume_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Until when a process looks at a part; others keep away until then, also `resign reconcile`.
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Calls made on that day (UTC). The budget is for all runs of the workspace on one day.
    spent: Mapped[int] = mapped_column(server_default=text("0"))
    spent_on: Mapped[date | None]
    # Pauses in a row at this cursor.
    pauses: Mapped[int] = mapped_column(server_default=text("0"))
    cursor: Mapped[str] = mapped_column(String(32), server_default=text("''"))
    looked: Mapped[int] = mapped_column(server_default=text("0"))
    agreed: Mapped[int] = mapped_column(server_default=text("0"))
    # Out here and on there: told again.
    told_again: Mapped[int] = mapped_column(server_default=text("0"))
    # In here and off there: an opt-out that was not heard of here, and is recorded now. Nobody is switched on.
    off_there: Mapped[int] = mapped_column(server_default=text("0"))
    unknown: Mapped[int] = mapped_column(server_default=text("0"))
    # No answer: looked at again by the next run.
    unread: Mapped[int] = mapped_column(server_default=text("0"))
