"""Slows down whoever guesses: after some failures in a row each further try has to wait, up to a quarter of an hour.

It is kept in the database, so that all processes count together. Nobody is ever locked out for good: strangers can
make others wait, and never for longer than that.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from resign.staff.tables import FailedSignIns

FREE_FAILURES = 5
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
# Then it begins anew, and the digest of a name that may have been a password typed into the wrong field is gone.
_FORGOTTEN_AFTER = timedelta(days=1)


def wait(session: Session, whose: str, now: datetime) -> int:
    """The seconds before which no try counts, otherwise 0."""
    found = session.scalar(select(FailedSignIns).where(FailedSignIns.digest == digest_of(whose)))
    return _seconds(found, now)


def count(session: Session, whose: str, now: datetime, *, free: int = FREE_FAILURES) -> int:
    """Counts one more failure, before it is known to be one: two at once cannot share a try. Answers as `wait`.

    After `free` of them there is a wait. Where there is a wait nothing is counted, so it does not grow by itself.
    """
    digest = digest_of(whose)
    _lock(session, digest, now)
    found = session.scalars(
        select(FailedSignIns).where(FailedSignIns.digest == digest).execution_options(populate_existing=True)
    ).one()
    if seconds := _seconds(found, now):
        return seconds
    found.failures = 1 if found.last_at <= now - _FORGOTTEN_AFTER else found.failures + 1
    found.last_at = now
    found.wait_until = now + _delay(found.failures - free) if found.failures >= free else None
    session.flush()
    return 0


def take_back(session: Session, whose: str) -> None:
    """The one that was counted was no failure; those before it stay."""
    session.execute(
        update(FailedSignIns)
        .where(FailedSignIns.digest == digest_of(whose), FailedSignIns.failures > 0)
        .values(failures=FailedSignIns.failures - 1, wait_until=None)
    )


def clear(session: Session, whose: str) -> None:
    """It was right."""
    session.execute(delete(FailedSignIns).where(FailedSignIns.digest == digest_of(whose)))


def forget(session: Session, now: datetime) -> int:
    old = delete(FailedSignIns).where(FailedSignIns.last_at <= now - _FORGOTTEN_AFTER)
    return cast("CursorResult[Any]", session.execute(old)).rowcount


def any_to_forget(session: Session, now: datetime) -> bool:
    old = select(FailedSignIns.digest).where(FailedSignIns.last_at <= now - _FORGOTTEN_AFTER)
    return session.scalar(old.limit(1)) is not None


def digest_of(whose: str) -> str:
    return hashlib.sha256(whose.encode("utf-8", "replace")).hexdigest()


def _lock(session: Session, digest: str, now: datetime) -> None:
    """In one statement: between two, whoever was right at the same moment could take the row away."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    first = dialect.insert(FailedSignIns).values(digest=digest, failures=0, last_at=now)
    session.execute(
        first.on_conflict_do_update(
            index_elements=[FailedSignIns.digest], set_={"failures": FailedSignIns.failures}
        )
    )


def _seconds(found: FailedSignIns | None, now: datetime) -> int:
    if found is None or found.wait_until is None or found.wait_until <= now:
        return 0
    return -((now - found.wait_until) // timedelta(seconds=1))


def _delay(more: int) -> timedelta:
    """`more` failures than were free."""
    wait = _FIRST_WAIT
    for _ in range(more):
        wait = min(wait * 2, _LONGEST_WAIT)
    return wait
