"""The same write sent twice is one write: its answer is kept with it, and given again (draft-ietf-httpapi-idempotency-key-header)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from resign.api_keys.tables import ApiAnswer

KEPT = timedelta(hours=24)
_MOST_AT_ONCE = 1_000


class OtherRequest(Exception):
    """The same Idempotency-Key came with something else."""


@dataclass(frozen=True, slots=True)
class Kept:
    status: int
    body: str


def claim(session: Session, api_key: int, idempotency_key: str, asked: bytes, now: datetime) -> Kept | None:
    """None where the write is still to be done; what was answered where it was done before. Raises OtherRequest.

    Whoever comes with the same one meanwhile waits here for the transaction that came first: on PostgreSQL at the
    primary key, on SQLite for the writer's turn.
    """
    token, request = _digest(idempotency_key.encode()), _digest(asked)
    mine = (ApiAnswer.api_key == api_key, ApiAnswer.token == token)
    session.execute(delete(ApiAnswer).where(*mine, ApiAnswer.at <= now - KEPT))
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    row = dialect.insert(ApiAnswer).values(api_key=api_key, token=token, request=request, at=now)
    once = row.on_conflict_do_nothing(index_elements=["api_key", "token"]).returning(ApiAnswer.token)
    if session.scalar(once) is not None:
        return None
    found = session.execute(select(ApiAnswer.request, ApiAnswer.status, ApiAnswer.body).where(*mine)).one()
    if found.request != request:
        raise OtherRequest
    return Kept(found.status, found.body)


def keep(session: Session, api_key: int, idempotency_key: str, kept: Kept) -> None:
    """Completes a claim of the same transaction. The caller commits both with the write."""
    session.execute(
        update(ApiAnswer)
        .where(ApiAnswer.api_key == api_key, ApiAnswer.token == _digest(idempotency_key.encode()))
        .values(status=kept.status, body=kept.body)
        .execution_options(synchronize_session=False)
    )


def any_to_forget(session: Session, now: datetime) -> bool:
    return session.scalar(select(ApiAnswer.at).where(ApiAnswer.at <= now - KEPT).limit(1)) is not None


def forget(session: Session, now: datetime) -> int:
    oldest = (
        select(ApiAnswer.api_key, ApiAnswer.token)
        .where(ApiAnswer.at <= now - KEPT)
        .order_by(ApiAnswer.at)
        .limit(_MOST_AT_ONCE)
    )
    gone = 0
    for api_key, token in session.execute(oldest).all():
        session.execute(delete(ApiAnswer).where(ApiAnswer.api_key == api_key, ApiAnswer.token == token))
        gone += 1
    return gone


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
