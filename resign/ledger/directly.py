"""Decisions that are not a person's press: appended within a transaction of the caller's, beside what they follow from."""

from collections.abc import Sequence

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from resign.ledger.decision import NewDecision
from resign.ledger.intake import OWED_CHANNEL
from resign.ledger.tables import Decision


def append(session: Session, decisions: Sequence[NewDecision]) -> None:
    """Wakes the outbox's worker when the caller commits."""
    session.execute(insert(Decision), [decision.row for decision in decisions])
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text(f"NOTIFY {OWED_CHANNEL}"))


def stop_others(session: Session) -> None:
    """Until the end of the transaction nobody appends: who was about to would be committed earlier and count as older.

    SQLite has one writer anyway. On PostgreSQL the lock waits for inserts under way, and is best taken last.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("LOCK TABLE decisions IN SHARE ROW EXCLUSIVE MODE"))
