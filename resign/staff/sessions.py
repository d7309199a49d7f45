"""Sessions on the server: opened, found by the token of a cookie, renewed and ended here, never by the cookie (E8)."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, CursorResult, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from resign.staff.agents import in_words
from resign.staff.granted import grants_of
from resign.staff.roles import Staff
from resign.staff.tables import Account, StaffSession

# `password`: a second factor is still to come. `full`: signed in.
Level = Literal["password", "full"]

IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)
# Between a password and its code; nobody thinks for half an hour about six digits.
HALF_WAY = timedelta(minutes=10)
_SEEN_EVERY = timedelta(minutes=1)
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One session that holds, and whose it is."""

    id: int
    staff: Staff
    level: Level
    created_at: datetime
    seen_at: datetime

    def is_to_be_seen(self, now: datetime) -> bool:
        """Whether `seen` has something to write: once a minute, because SQLite has one writer."""
        return now - self.seen_at >= _SEEN_EVERY


@dataclass(frozen=True, slots=True)
class Listed:
    """A session as its owner sees it in the list: `agent` is what browser it is, in a few words."""

    id: int
    agent: str
    level: Level
    created_at: datetime
    seen_at: datetime


def open_session(session: Session, staff_id: int, now: datetime, *, agent: str, level: Level) -> str:
    """The token for the cookie, 256 bits. `agent` is the browser's own header, or nothing."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(
        StaffSession(
            staff_id=staff_id,
            digest=_digest(token),
            level=level,
            agent=in_words(agent),
            created_at=now,
            seen_at=now,
        )
    )
    session.flush()
    return token


def session_of(session: Session, token: str, now: datetime) -> SignedIn | None:
    """Reads only. None where it is unknown, over, or of an account that is disabled."""
    row = session.execute(
        select(StaffSession, Account)
        .join(Account, Account.id == StaffSession.staff_id)
        .where(StaffSession.digest == _digest(token), _holds(now), Account.state == "active")
    ).one_or_none()
    if row is None:
        return None
    found, account = row
    staff = Staff(id=account.id, name=account.name, grants=grants_of(session, account.id))
    return SignedIn(found.id, staff, cast("Level", found.level), found.created_at, found.seen_at)


def seen(session: Session, found: SignedIn, now: datetime) -> None:
    """They are still there. Where `is_to_be_seen` says no there is no need."""
    session.execute(
        update(StaffSession)
        .where(StaffSession.id == found.id, StaffSession.seen_at < now)
        .values(seen_at=now)
    )


def rotate(session: Session, token: str, now: datetime, level: Level) -> str:
    """Another token for the same session; the one before is worth nothing. The twelve hours go on.

    Where the session is over by now, the new token opens nothing either.
    """
    fresh = secrets.token_urlsafe(_TOKEN_BYTES)
    session.execute(
        update(StaffSession)
        .where(StaffSession.digest == _digest(token), _holds(now))
        .values(digest=_digest(fresh), level=level, seen_at=now)
    )
    return fresh


def end(session: Session, session_id: int, staff_id: int) -> bool:
    """False where it is not theirs, or was over already."""
    ended = session.execute(
        delete(StaffSession).where(StaffSession.id == session_id, StaffSession.staff_id == staff_id)
    )
    return cast("CursorResult[Any]", ended).rowcount > 0


def end_all(session: Session, staff_id: int, but: int | None = None) -> int:
    """How many there were. `but` is the id of the session that stays."""
    whose = StaffSession.staff_id == staff_id
    ended = session.execute(
        delete(StaffSession).where(whose if but is None else and_(whose, StaffSession.id != but))
    )
    return cast("CursorResult[Any]", ended).rowcount


def sessions_of(session: Session, staff_id: int, now: datetime) -> Sequence[Listed]:
    """Those that hold, the one that was seen last first."""
    rows = session.scalars(
        select(StaffSession)
        .where(StaffSession.staff_id == staff_id, _holds(now))
        .order_by(StaffSession.seen_at.desc(), StaffSession.id.desc())
    )
    return [Listed(row.id, row.agent, cast("Level", row.level), row.created_at, row.seen_at) for row in rows]


def any_to_forget(session: Session, now: datetime) -> bool:
    return session.scalar(select(StaffSession.id).where(~_holds(now)).limit(1)) is not None


def forget(session: Session, now: datetime) -> int:
    """Deletes those that are over."""
    return cast("CursorResult[Any]", session.execute(delete(StaffSession).where(~_holds(now)))).rowcount


def _holds(now: datetime) -> ColumnElement[bool]:
    return and_(
        StaffSession.seen_at > now - IDLE,
        StaffSession.created_at > now - ABSOLUTE,
        or_(StaffSession.level == "full", StaffSession.created_at > now - HALF_WAY),
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
