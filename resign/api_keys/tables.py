"""The API's tables: its keys, and what was answered under an Idempotency-Key."""

from datetime import datetime
from typing import cast

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from resign.api_keys.scopes import Scope
from resign.db import Table, UtcDateTime
from resign.db.schema import Counter


class ApiKey(Table):
    """One key of one workspace. `digest` is the SHA-256 of its secret, which nobody has but whom it was shown to.

    No slow hash and no salt: the secret is 256 bits of chance, so there is nothing to guess, and the key is looked at
    for every recipient of a mailing.
    """

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    # What stands in the key in clear, and in lists.
    key_id: Mapped[str] = mapped_column(String(12))
    digest: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(48))
    workspace: Mapped[str] = mapped_column(String(31))
    # With a blank between each.
    granted: Mapped[str] = mapped_column(String(255))
    # The system that comes with it, which is not told its own decisions.
    origin: Mapped[str | None] = mapped_column(String(31))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # To the minute.
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("key_id"),)

    @property
    def scopes(self) -> tuple[Scope, ...]:
        return cast("tuple[Scope, ...]", tuple(self.granted.split()))

    def works(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


class ApiAnswer(Table):
    """What was answered to a write, in the transaction of the write: said again to whoever sends it again.

    `token` and `request` are digests: of the Idempotency-Key, and of what was asked with it. `body` names nobody.
    """

    __tablename__ = "api_answers"

    api_key: Mapped[int] = mapped_column(Counter, ForeignKey("api_keys.id"), primary_key=True)
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    request: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Nothing until the write is done, which nobody but its own transaction sees.
    status: Mapped[int | None]
    body: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index("ix_api_answers_at", "at"),)
