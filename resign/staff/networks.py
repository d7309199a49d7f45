"""From which networks an account was signed in to lately: there strangers elsewhere cannot make its owner wait.

A network is known here by a keyed digest alone, another one for each account: nobody can read from the database where
somebody works, or who works in the same place.
"""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from resign.staff.roles import Staff
from resign.staff.tables import UsualNetwork
from resign.staff.throttle import digest_of

# From each of them as many passwords can be tried as from any, so there are not many.
MOST = 10
_FORGOTTEN_AFTER = timedelta(days=60)


def account_at(name: str, network: str) -> str:
    """`name` as it is folded, `network` as a keyed digest of it."""
    return f"name {name} at {network}"


def is_usual(session: Session, name: str, network: str, now: datetime) -> bool:
    """The same statement for every name, known or not."""
    digest = digest_of(account_at(name, network))
    found = session.scalar(select(UsualNetwork.seen_at).where(UsualNetwork.digest == digest))
    return found is not None and found > now - _FORGOTTEN_AFTER


def remember(session: Session, staff: Staff, network: str, now: datetime) -> None:
    """They are signed in from there, with all that is asked of them. The caller commits.

    Not of those whom an identity provider vouches for: they type no password here.
    """
    if ":" in staff.name:
        return
    row = UsualNetwork
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    seen = dialect.insert(row).values(
        digest=digest_of(account_at(staff.name, network)), staff_id=staff.id, seen_at=now
    )
    session.execute(seen.on_conflict_do_update(index_elements=[row.digest], set_={"seen_at": now}))
    newest = (
        select(row.digest)
        .where(row.staff_id == staff.id)
        .order_by(row.seen_at.desc(), row.digest)
        .limit(MOST)
    )
    session.execute(delete(row).where(row.staff_id == staff.id, row.digest.not_in(newest)))


def forget(session: Session, now: datetime) -> int:
    old = delete(UsualNetwork).where(UsualNetwork.seen_at <= now - _FORGOTTEN_AFTER)
    return cast("CursorResult[Any]", session.execute(old)).rowcount


def any_to_forget(session: Session, now: datetime) -> bool:
    old = select(UsualNetwork.digest).where(UsualNetwork.seen_at <= now - _FORGOTTEN_AFTER)
    return session.scalar(old.limit(1)) is not None
