"""Whose key it is that a request brings. Every way of being no good is the same answer: None."""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from resign.api_keys.keys import digest_of
from resign.api_keys.scopes import Scope
from resign.api_keys.tables import ApiKey

_BEARER = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] +rsk_([0-9a-f]{12})_([0-9a-f]{64})")
# Compared with where there is no such key, so that an answer takes as long for one that never was.
_NOBODY = digest_of("")
_LOOKED_UP = select(
    ApiKey.id, ApiKey.name, ApiKey.workspace, ApiKey.granted, ApiKey.origin, ApiKey.digest, ApiKey.expires_at,
    ApiKey.revoked_at, ApiKey.used_at,
).where(ApiKey.key_id == bindparam("key_id"))  # fmt: skip
# Shown to people, who wish to know whether a key is in use at all.
_USED_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who asks: what their key may do, and where."""

    id: int
    name: str
    workspace: str
    scopes: frozenset[Scope]
    origin: str | None
    # The use has not been noted for a minute.
    is_stale: bool


def opened(session: Session, authorization: str, now: datetime) -> Holder | None:
    """`authorization` is the header as it came."""
    found = _BEARER.fullmatch(authorization)
    if found is None:
        return None
    row = session.execute(_LOOKED_UP, {"key_id": found[1]}).one_or_none()
    right = hmac.compare_digest(digest_of(found[2]), row.digest if row is not None else _NOBODY)
    if row is None or not right or row.revoked_at is not None:
        return None
    if row.expires_at is not None and row.expires_at <= now:
        return None
    return Holder(
        row.id, row.name, row.workspace, frozenset(row.granted.split()), row.origin,
        is_stale=row.used_at is None or row.used_at <= now - _USED_WITHIN,
    )  # fmt: skip


def note_use(session: Session, holder: Holder, now: datetime) -> None:
    """The caller commits."""
    session.execute(
        update(ApiKey)
        .where(ApiKey.id == holder.id, or_(ApiKey.used_at.is_(None), ApiKey.used_at <= now - _USED_WITHIN))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
