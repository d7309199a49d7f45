"""Decisions that are not a person's press: appended within a transaction of the caller's, beside what they follow from."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resign.db.many import insert_many
from resign.ledger.decision import NewDecision
from resign.ledger.intake import APPEND_LOCK, BEFORE_APPENDING
from resign.ledger.tables import Decision


def append(session: Session, decisions: Sequence[NewDecision]) -> None:
    """Wakes the outbox's worker when the caller commits."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(BEFORE_APPENDING)
    insert_many(session, Decision, [decision.row for decision in decisions])


def stop_the_lonely(session: Session) -> None:
    """Until the end of the transaction nobody has the lock of `stop_others`; everybody may append."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(func.pg_advisory_xact_lock_shared(APPEND_LOCK)))


def stop_others(session: Session) -> None:
    """Until the end of the transaction nobody appends: who was about to would be committed earlier and count as older.

    SQLite has one writer anyway. On PostgreSQL the lock waits for inserts under way, and is best taken last; never
    after an `append` of the same transaction: two that did so would wait for each other. It is no lock on the table:
    that would wait for a VACUUM as well, or an index that is being built, and everybody's press behind it.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(func.pg_advisory_xact_lock(APPEND_LOCK)))
