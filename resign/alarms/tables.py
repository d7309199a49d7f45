"""What was told of which alarm, so that neither a restart nor a second worker tells it twice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from resign.db import Table, UtcDateTime


class AlarmRow(Table):
    """An alarm that is on, or whose end is still to be told."""

    __tablename__ = "alarms"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    # Empty for the whole installation.
    workspace: Mapped[str] = mapped_column(String(31), primary_key=True)
    level: Mapped[str] = mapped_column(String(8))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What is still to be told: raised, risen, repeated or cleared; when that was, and the number that it goes under,
    # which is the same when it is tried again.
    pending: Mapped[str | None] = mapped_column(String(8))
    pending_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    number: Mapped[UUID | None] = mapped_column(Uuid)
    # Until when a worker is telling it.
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
