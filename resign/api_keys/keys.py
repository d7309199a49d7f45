"""Makes keys, lets them be replaced, and ends them. Each is noted as somebody's deed; a secret is shown once."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.api_keys import refusals
from resign.api_keys.scopes import SCOPES
from resign.api_keys.tables import ApiKey
from resign.staff.audit import note
from resign.staff.refusals import StaffRefusal
from resign.staff.roles import Staff

MOST_IN_A_NAME = 48
LONGEST = timedelta(days=3650)
_ORIGIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,29}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Made:
    """A key, and its text: the only time that anybody sees it."""

    key: ApiKey
    text: str


def add(  # noqa: PLR0913 - what a key may do is what it is; leaving one out must be a choice
    session: Session,
    name: str,
    workspace: str,
    scopes: Collection[str],
    now: datetime,
    by: Staff,
    *,
    origin: str | None = None,
    expires_at: datetime | None = None,
) -> Made:
    """A key that works from now on. Raises StaffRefusal. The caller knows the workspace, and commits."""
    unknown = [each for each in scopes if each not in SCOPES]
    if unknown or not scopes:
        raise StaffRefusal(refusals.NO_SCOPE)
    if origin and (not _ORIGIN.fullmatch(origin) or origin.startswith("synerise")):
        raise StaffRefusal(refusals.BAD_ORIGIN)
    if expires_at is not None and not now < expires_at <= now + LONGEST:
        raise StaffRefusal(refusals.BAD_END)
    granted = " ".join(each for each in SCOPES if each in scopes)
    made = _made(
        session, now, by, name=_checked(name), workspace=workspace, granted=granted, origin=origin or None,
        expires_at=expires_at,
    )  # fmt: skip
    _note(session, by, "added-api-key", now, made.key)
    return made


def rotate(session: Session, key: ApiKey, keep_for: timedelta, now: datetime, by: Staff) -> Made:
    """Another key that may do the same; the old one works on for so long. Raises StaffRefusal."""
    if not key.works(now):
        raise StaffRefusal(refusals.ENDED)
    made = _made(
        session, now, by, name=key.name, workspace=key.workspace, granted=key.granted, origin=key.origin,
        expires_at=key.expires_at,
    )  # fmt: skip
    ends = now + keep_for
    key.expires_at = min(key.expires_at or ends, ends)
    _note(session, by, "rotated-api-key", now, key, by_key=made.key.key_id)
    return made


def revoke(session: Session, key: ApiKey, now: datetime, by: Staff) -> bool:
    """From the next request on it opens nothing. False where it was revoked already."""
    if key.revoked_at is not None:
        return False
    key.revoked_at = now
    _note(session, by, "revoked-api-key", now, key)
    return True


def keys(session: Session, workspaces: Collection[str] | None = None) -> Sequence[ApiKey]:
    """All of them, or those of these workspaces; the newest first."""
    query = select(ApiKey).order_by(ApiKey.id.desc())
    return session.scalars(
        query if workspaces is None else query.where(ApiKey.workspace.in_(workspaces))
    ).all()


def key_of(session: Session, key_id: str) -> ApiKey | None:
    return session.scalar(select(ApiKey).where(ApiKey.key_id == key_id.replace("\x00", "")[:12]))


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _made(session: Session, now: datetime, by: Staff, **values: object) -> Made:
    key_id, secret = secrets.token_hex(6), secrets.token_hex(32)
    key = ApiKey(key_id=key_id, digest=digest_of(secret), created_at=now, created_by=by.name, **values)
    session.add(key)
    session.flush()
    return Made(key, f"rsk_{key_id}_{secret}")


def _checked(name: str) -> str:
    text = " ".join(unicodedata.normalize("NFC", name).split())
    if not 0 < len(text) <= MOST_IN_A_NAME or not text.isprintable():
        raise StaffRefusal(refusals.BAD_NAME)
    return text


def _note(session: Session, by: Staff, action: str, now: datetime, key: ApiKey, **more: str) -> None:
    detail: dict[str, object] = {"key": key.key_id, "key_name": key.name, "scopes": list(key.scopes), **more}
    note(session, by, action, now, workspace=key.workspace, subject=None, **detail)
