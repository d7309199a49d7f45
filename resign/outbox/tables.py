"""The outbox's tables: messages, the attempts to deliver them, and the lanes they travel in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    TextClause,
    UniqueConstraint,
    Uuid,
    false,
    literal_column,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from resign.db import Table, UtcDateTime
from resign.db.schema import Counter

# A message is live while somebody still has to do something about it by themselves.
LIVE = ("owed", "accepted")
_DEAD = "dead"
_SYNERISE = "synerise"
# All the others: nothing more happens to them by itself.
SETTLED = ("confirmed", "delivered", "superseded", _DEAD)
_LIVE_SQL = text("state IN ('owed', 'accepted')")
_DEAD_SQL = text("state = 'dead'")
_FIRST_SQL = text("state IN ('owed', 'accepted') AND NOT yields")
_LATE_SQL = text("state = 'owed' AND owed_since IS NOT NULL")


class MessageRow(Table):
    """What one destination is owed because of one decision.

    state: `owed` (to be told), `accepted` (told; to be read back), `confirmed`, `delivered` (told, and the
    destination cannot be read back), `superseded` (a newer decision took its place), `dead` (a person must look).
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    decision_seq: Mapped[int] = mapped_column(ForeignKey("decisions.seq"))
    destination: Mapped[str] = mapped_column(String(32))
    workspace: Mapped[str] = mapped_column(String(31))
    # The exact profile and agreement: among the messages of one subject, order is kept.
    subject: Mapped[str] = mapped_column(String(32))
    agreement: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Since when the destination should have taken it: the decision, or when it was to be told anew. None where nobody
    # is late: the destination does not know the person.
    owed_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Who holds it and until when; a settlement that does not show the ticket changes nothing.
    ticket: Mapped[UUID | None] = mapped_column(Uuid)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    tellings: Mapped[int] = mapped_column(server_default=text("0"))
    alone: Mapped[bool] = mapped_column(server_default=false())
    # Another system uploaded it: what people press goes before it.
    yields: Mapped[bool] = mapped_column(server_default=false())
    outcome: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(255))
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("decision_seq", "destination"),
        Index("ix_messages_due", "due_at", postgresql_where=_LIVE_SQL, sqlite_where=_LIVE_SQL),
        Index("ix_messages_first", "due_at", postgresql_where=_FIRST_SQL, sqlite_where=_FIRST_SQL),
        Index("ix_messages_subject", "subject"),
        Index("ix_messages_dead", "id", postgresql_where=_DEAD_SQL, sqlite_where=_DEAD_SQL),
        # Those of one workspace, so that many of one do not hide those of another.
        Index("ix_messages_refused", "workspace", "id", postgresql_where=_DEAD_SQL, sqlite_where=_DEAD_SQL),
        # The oldest of each destination, however many there are. Its condition is one that no claim says: a planner
        # without statistics might take this one there, and sort.
        Index(
            "ix_messages_late", "workspace", "destination", "owed_since",
            postgresql_where=_LATE_SQL, sqlite_where=_LATE_SQL,
        ),
    )  # fmt: skip


def is_live() -> ColumnElement[bool]:
    """Written out, not bound: SQLite uses a partial index only where the query says its condition word for word."""
    return MessageRow.state.in_([literal_column(f"'{state}'") for state in LIVE])


def yields_to_nobody() -> TextClause:
    """Word for word, too."""
    return text("NOT messages.yields")


def is_to_synerise() -> ColumnElement[bool]:
    """By any of the ways to Synerise: what it knows, and what a person is told of that, hangs on these alone."""
    return or_(MessageRow.destination == _SYNERISE, MessageRow.destination.startswith(f"{_SYNERISE}-"))


def leads_to_synerise(destination: str) -> bool:
    return destination == _SYNERISE or destination.startswith(f"{_SYNERISE}-")


def is_dead() -> ColumnElement[bool]:
    return MessageRow.state == literal_column(f"'{_DEAD}'")


def is_late() -> ColumnElement[bool]:
    return (MessageRow.state == literal_column("'owed'")) & MessageRow.owed_since.is_not(None)


class Attempt(Table):
    """One try to deliver a message or to read it back, and how it went."""

    __tablename__ = "attempts"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    phase: Mapped[str] = mapped_column(String(9))
    outcome: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(255))
    request_id: Mapped[str | None] = mapped_column(String(64))
    milliseconds: Mapped[int]


class Lane(Table):
    """One way to one destination: telling and reading back are lanes of their own, so that a key which may not
    read profiles does not keep opt-outs from being told.
    """

    __tablename__ = "lanes"

    workspace: Mapped[str] = mapped_column(String(31), primary_key=True)
    destination: Mapped[str] = mapped_column(String(32), primary_key=True)
    phase: Mapped[str] = mapped_column(String(9), primary_key=True)
    # Consecutive failures; with any, one message at a time is let through to see whether it is over.
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What somebody has to mend, and since when; None for an outage that passes by itself.
    held_for: Mapped[str | None] = mapped_column(String(255))
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Paused by hand: since when, by whom and why. The breaker above does not touch it, and it not the breaker.
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_by: Mapped[str | None] = mapped_column(String(64))
    stopped_why: Mapped[str | None] = mapped_column(String(255))


class Heartbeat(Table):
    """When a worker last said that it goes round; any of them speaks for all."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
