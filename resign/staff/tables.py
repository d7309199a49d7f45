"""The tables about those who work with the console."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from resign.db import Table, UtcDateTime
from resign.db.schema import Counter


class Account(Table):
    """Somebody who may sign in. `name` is folded, so that two spellings cannot be two people.

    `password` is its argon2id hash; nothing where an identity provider vouches for them, whom `issuer` and
    `oidc_subject` name there. `totp_secret` is the second factor's, `totp_offered` what those that no code has confirmed yet are made of,
    `totp_step` the last one that was used.
    """

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    password: Mapped[str | None] = mapped_column(String(160))
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_offered: Mapped[str | None] = mapped_column(String(64))
    totp_step: Mapped[int | None] = mapped_column(Counter)
    issuer: Mapped[str | None] = mapped_column(Text)
    oidc_subject: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("name"), UniqueConstraint("issuer", "oidc_subject"))

    @property
    def is_local(self) -> bool:
        return self.issuer is None

    @property
    def is_active(self) -> bool:
        return self.state == "active"

    @property
    def has_second_factor(self) -> bool:
        return self.totp_secret is not None


class Grant(Table):
    """One role of one account in one workspace, or everywhere (`*`)."""

    __tablename__ = "staff_grants"

    staff_id: Mapped[int] = mapped_column(Counter, ForeignKey("staff.id"), primary_key=True)
    workspace: Mapped[str] = mapped_column(String(31), primary_key=True)
    role: Mapped[str] = mapped_column(String(10), primary_key=True)


class RecoveryCode(Table):
    """What stands in for the second factor, once. Only its SHA-256; it is deleted when it is used."""

    __tablename__ = "staff_recovery_codes"

    staff_id: Mapped[int] = mapped_column(Counter, ForeignKey("staff.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)


class StaffSession(Table):
    """One browser that is signed in. `digest` is the SHA-256 of the token that its cookie carries; ended is deleted."""

    __tablename__ = "staff_sessions"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    staff_id: Mapped[int] = mapped_column(Counter, ForeignKey("staff.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    level: Mapped[str] = mapped_column(String(8))
    agent: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    __table_args__ = (UniqueConstraint("digest"),)


class FailedSignIns(Table):
    """How often in a row a password or a code was wrong, by the digest of whose; none is tried before `wait_until`."""

    __tablename__ = "failed_sign_ins"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    wait_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UsualNetwork(Table):
    """A network from which somebody signed in: `digest` is of the account and of the network's own keyed digest."""

    __tablename__ = "usual_networks"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(Counter, ForeignKey("staff.id"), index=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Deed(Table):
    """One thing that somebody did or looked at in the console (E5). Append-only.

    `subject` is the keyed digest of the person it was about, as in the ledger; `detail` is JSON in which no address,
    network address or token stands. `name` stays when the account is gone.
    """

    __tablename__ = "deeds"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    staff_id: Mapped[int | None] = mapped_column(Counter)
    name: Mapped[str] = mapped_column(String(64))
    workspace: Mapped[str | None] = mapped_column(String(31))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str | None] = mapped_column(String(32))
    detail: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_deeds_subject_id", "subject", "id"),
        Index("ix_deeds_workspace_id", "workspace", "id"),
        Index("ix_deeds_name_id", "name", "id"),
        Index("ix_deeds_action_id", "action", "id"),
    )
