"""Keeps the index: a chore of the worker's, which reads what the ledger and the outbox have written since."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resign.clock import Clock
from resign.db import Database
from resign.ledger.tables import Consent, Decision
from resign.outbox.tables import Attempt, MessageRow
from resign.search.keeping import INDEX_LOCK, note_people, note_stretches
from resign.search.tables import SearchCursor

# On SQLite whoever presses waits for the writer: so much is written in some milliseconds.
_MOST_ON_SQLITE, _MOST_ON_POSTGRES = 100, 500
# Nobody waits longer for the commit of a decision.
_SURELY_WRITTEN = timedelta(seconds=60)
_FEEDS: Mapping[str, Any] = {"decisions": Decision.seq, "attempts": Attempt.id}


class Indexer:
    """One `step` at a time; several processes may run one each. It never touches what it reads."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def step(self) -> bool:
        """True where more is waiting."""
        now = self._clock.now()
        with self._database.reading() as session:
            due = [feed for feed in _FEEDS if _is_due(session, feed, now)]
        if not due:
            return False
        with self._database.writing() as session:
            more = [self._read(session, feed, now) for feed in due] if _alone(session) else []
            session.commit()
        return any(more)

    def _read(self, session: Session, feed: str, now: datetime) -> bool:
        cursor = session.get(SearchCursor, feed)
        if cursor is None:
            cursor = SearchCursor(feed=feed, seen=0)
            session.add(cursor)
        fresh = _numbers(session, feed, cursor.seen)
        again = _second_look(session, cursor, now)
        if feed == "decisions":
            _index_decisions(session, [*fresh, *again])
        else:
            _index_addresses(session, [*fresh, *again])
        _move(session, cursor, fresh, now)
        return len(fresh) == _most(session) or bool(again)


def _is_due(session: Session, feed: str, now: datetime) -> bool:
    cursor = session.get(SearchCursor, feed)
    if cursor is not None and cursor.look_at is not None and cursor.look_at <= now:
        return True
    number = _FEEDS[feed]
    waiting = select(number).where(number > (cursor.seen if cursor else 0)).limit(1)
    return session.scalar(waiting) is not None


def _alone(session: Session) -> bool:
    """One process at a time. The lock ends with the transaction; whoever forgets somebody waits for it."""
    if session.get_bind().dialect.name == "sqlite":
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(INDEX_LOCK))))


def _most(session: Session) -> int:
    return _MOST_ON_SQLITE if session.get_bind().dialect.name == "sqlite" else _MOST_ON_POSTGRES


def _numbers(session: Session, feed: str, after: int, to: int | None = None) -> Sequence[int]:
    number = _FEEDS[feed]
    query = select(number).where(number > after).order_by(number).limit(_most(session))
    return session.scalars(query if to is None else query.where(number <= to)).all()


def _second_look(session: Session, cursor: SearchCursor, now: datetime) -> Sequence[int]:
    """What was missing between the numbers that were read, now that it has surely come if it ever will."""
    if cursor.look_at is None or cursor.look_at > now:
        return ()
    found = _numbers(session, cursor.feed, cursor.look_after or 0, cursor.look_to)
    if len(found) == _most(session):
        cursor.look_after = found[-1]
    else:
        cursor.look_after = cursor.look_to = cursor.look_at = None
    return found


def _move(session: Session, cursor: SearchCursor, fresh: Sequence[int], now: datetime) -> None:
    """SQLite has one writer, so that no number comes later than a higher one."""
    if fresh:
        missing = fresh[-1] - cursor.seen > len(fresh)
        if missing and cursor.gap_after is None and session.get_bind().dialect.name != "sqlite":
            cursor.gap_after = cursor.seen
        cursor.seen = fresh[-1]
    if cursor.look_at is None and cursor.gap_after is not None:
        cursor.look_after, cursor.look_to, cursor.look_at = (
            cursor.gap_after,
            cursor.seen,
            now + _SURELY_WRITTEN,
        )
        cursor.gap_after = None


def _index_decisions(session: Session, seqs: Sequence[int]) -> None:
    if not seqs:
        return
    c = Decision.__table__.c
    columns = (
        c.seq, c.workspace, c.digest, c.identifier, c.at, c.campaign, c.method, c.agreement, c.language, c.choice,
        c.origin,
    )  # fmt: skip
    decisions = session.execute(select(*columns).where(c.seq.in_(seqs)).order_by(c.seq)).all()
    note_stretches(session, decisions)
    note_people(
        session,
        {(d.workspace, d.digest): (d.seq, d.identifier, None) for d in reversed(decisions) if d.identifier},
    )


def _index_addresses(session: Session, attempts: Sequence[int]) -> None:
    """The addresses that reading back brought, of people who are known by another identifier."""
    if not attempts:
        return
    query = (
        select(Decision.seq, Decision.workspace, Decision.digest, Decision.identifier, Consent.email)
        .join(MessageRow, MessageRow.decision_seq == Decision.seq)
        .join(Attempt, Attempt.message_id == MessageRow.id)
        .join(
            Consent,
            (Consent.workspace == Decision.workspace)
            & (Consent.digest == Decision.digest)
            & (Consent.agreement == Decision.agreement),
        )
        .where(
            Attempt.id.in_(attempts),
            Attempt.outcome == "confirmed",
            Decision.kind != "email",
            Decision.identifier.is_not(None),
            Consent.email.is_not(None),
        )
        .order_by(Decision.seq.desc())
    )
    found = session.execute(query).all()
    note_people(session, {(d.workspace, d.digest): (d.seq, d.identifier, d.email) for d in found})
