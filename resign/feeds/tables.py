"""The tables of feeds: who is at work on one, how far each of its lanes has come, and which files have arrived."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from resign.db import Table, UtcDateTime
from resign.db.schema import Counter


class Feed(Table):
    """One destination of files. Whoever holds the lease writes for it; a file that comes without the ticket is not noted."""

    __tablename__ = "feeds"

    workspace: Mapped[str] = mapped_column(String(31), primary_key=True)
    destination: Mapped[str] = mapped_column(String(31), primary_key=True)
    ticket: Mapped[UUID | None] = mapped_column(Uuid)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # By hand: since when, by whom and why.
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_by: Mapped[str | None] = mapped_column(String(64))
    stopped_why: Mapped[str | None] = mapped_column(String(255))
    # Since when the settings have not named it any more: nothing is owed to what is gone.
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FeedLane(Table):
    """How far one feed has come. lane: `opt-outs`, which go at once, and `scheduled`; or `changes`, for all at once.

    Decisions up to `seen` are in files that have arrived. `top` and `told` are the file that is under way:
    they stay until it has arrived, so that trying again writes the same file under the same name.
    """

    __tablename__ = "feed_lanes"

    workspace: Mapped[str] = mapped_column(String(31), primary_key=True)
    destination: Mapped[str] = mapped_column(String(31), primary_key=True)
    lane: Mapped[str] = mapped_column(String(9), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    seen: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    files: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    top: Mapped[int | None] = mapped_column(BigInteger)
    # Up to where opt-outs had been told already when the file was planned.
    told: Mapped[int | None] = mapped_column(BigInteger)
    # Of a schedule: when the next file is due, whether it was written meanwhile or not.
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Since when something is owed that should have arrived; None where nothing is.
    owed_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    again_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What is wrong, in words; neither an address nor a secret is in it.
    says: Mapped[str | None] = mapped_column(String(255))


class FeedFile(Table):
    """A file that has arrived: decisions above `after` up to `top`. `left_out` are rows of people with no identifier to tell."""

    __tablename__ = "feed_files"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    workspace: Mapped[str] = mapped_column(String(31))
    destination: Mapped[str] = mapped_column(String(31))
    lane: Mapped[str] = mapped_column(String(9))
    name: Mapped[str] = mapped_column(String(128))
    after: Mapped[int] = mapped_column(BigInteger)
    top: Mapped[int] = mapped_column(BigInteger)
    rows: Mapped[int] = mapped_column(BigInteger)
    left_out: Mapped[int] = mapped_column(BigInteger)
    bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_feed_files_workspace_destination_id", "workspace", "destination", "id"),
        Index("ix_feed_files_at", "at"),
    )
