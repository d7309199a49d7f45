"""The ledger's tables: decisions (append-only), consents (they follow from decisions), and the pages people saw."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, TextClause, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from resign.db import Table, UtcDateTime
from resign.db.schema import Counter
from resign.profile import MOST_CHARACTERS

_PRESSED = "owed AND method NOT IN ('import', 'api')"


class Decision(Table):
    """One thing a person (or somebody for them) decided.

    `seq` orders the decisions of one person: the database hands it out, so the clocks of several web machines
    cannot put an undo before the press it undoes. Only `owed` and `prior` are written after the insert, both
    by the fan-out, and `identifier` is emptied by retention; everything else stays as it came.
    """

    __tablename__ = "decisions"

    seq: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    id: Mapped[UUID] = mapped_column(Uuid)
    workspace: Mapped[str] = mapped_column(String(31))
    kind: Mapped[str] = mapped_column(String(8))
    identifier: Mapped[str | None] = mapped_column(String(MOST_CHARACTERS))
    digest: Mapped[str] = mapped_column(String(32))
    agreement: Mapped[str] = mapped_column(String(64))
    choice: Mapped[str] = mapped_column(String(7))
    method: Mapped[str] = mapped_column(String(11))
    actor: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    campaign: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str | None] = mapped_column(String(8))
    # Which page, of which theme, and the digest under which `shown_pages` keeps its text.
    page: Mapped[str | None] = mapped_column(String(64))
    shown: Mapped[str | None] = mapped_column(String(16))
    link_key: Mapped[str | None] = mapped_column(String(8))
    # The kind of body a POST came with (A2): evidence of what clients really send.
    body: Mapped[str | None] = mapped_column(String(16))
    # An opt-out that ends by itself; None for one that does not.
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What a preference centre showed as chosen, which no other column tells: `alcohol=on newsletter=off`.
    seen: Mapped[str | None] = mapped_column(String(1024))
    # The system that it came from, which is not told it back; None for what was decided here. What came from Synerise
    # before there was this column has it in its method.
    origin: Mapped[str | None] = mapped_column(String(31))
    # What whoever brought it says of how the person agreed: an opt-in without it overrules no opt-out.
    evidence: Mapped[str | None] = mapped_column(String(500))
    # False where another system did not say when it was decided: then `at` is when it came. None for all else.
    dated: Mapped[bool | None]
    # Where the person stood before: opt-out, opt-in, or nothing known here. The fan-out fills it in.
    prior: Mapped[str | None] = mapped_column(String(7))
    owed: Mapped[bool] = mapped_column(server_default=text("true"))

    __table_args__ = (
        UniqueConstraint("id"),
        Index("ix_decisions_digest_seq", "digest", "seq"),
        Index("ix_decisions_owed", "seq", postgresql_where=text("owed"), sqlite_where=text("owed")),
        # What people wait for, however much is uploaded meanwhile.
        Index("ix_decisions_pressed", "seq", postgresql_where=text(_PRESSED), sqlite_where=text(_PRESSED)),
    )


def is_owed() -> TextClause:
    """Word for word the condition of the partial index: SQLite would scan all decisions for `owed = 1`."""
    return text("decisions.owed")


def is_owed_to_somebody_waiting() -> TextClause:
    """The same of what was not uploaded by another system."""
    return text("decisions.owed AND decisions.method NOT IN ('import', 'api')")


class Consent(Table):
    """Where a profile stands on an agreement now. The fan-out writes it; recounting the decisions gives the same."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_workspace_email_digest", "workspace", "email_digest", "digest"),)

    workspace: Mapped[str] = mapped_column(String(31), primary_key=True)
    digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    agreement: Mapped[str] = mapped_column(String(64), primary_key=True)
    choice: Mapped[str] = mapped_column(String(7))
    decision_seq: Mapped[int] = mapped_column(Counter)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    # What reading the profile back taught us, where the link named only a customId or clientId.
    email: Mapped[str | None] = mapped_column(String(MOST_CHARACTERS))
    email_digest: Mapped[str | None] = mapped_column(String(32))


class HashedOptOut(Table):
    """Somebody out of whom nothing is known but a hash of the address, as suppression lists of other senders have it.

    kind: `sha256`, of the address in small letters without blanks around it, or `keyed`, our own digest of it.
    """

    __tablename__ = "hashed_opt_outs"

    workspace: Mapped[str] = mapped_column(String(31), primary_key=True)
    agreement: Mapped[str] = mapped_column(String(64), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(6))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Which import brought it, so that it can be taken back with it.
    batch: Mapped[UUID | None] = mapped_column(Uuid, index=True)


class ShownPage(Table):
    """A page as it was shown, with markers in place of the person's few values; named by the digest of its text."""

    __tablename__ = "shown_pages"

    digest: Mapped[str] = mapped_column(String(16), primary_key=True)
    page: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)


class Pause(Table):
    """An opt-out that ends: when, and what became of it. The fan-out writes it, the worker's chore closes it.

    outcome: empty until then, `resumed` (the person is in again), `overtaken` (something else was decided meanwhile,
    or a list of hashes says that they are out), `nameless` (retention has emptied the identifier, so nobody could be switched on).
    """

    __tablename__ = "pauses"

    decision_seq: Mapped[int] = mapped_column(ForeignKey("decisions.seq"), primary_key=True)
    workspace: Mapped[str] = mapped_column(String(31))
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(9))

    __table_args__ = (
        Index("ix_pauses_open", "ends_at", postgresql_where=text("closed_at IS NULL"), sqlite_where=text("closed_at IS NULL")),
    )  # fmt: skip


class Reason(Table):
    """What somebody answered who was asked why, apart from the person.

    `decision` joins the two for 30 days, so that an answer can be changed; then it is emptied and `at` keeps the
    day alone. Nothing here names anybody.
    """

    __tablename__ = "reasons"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    decision: Mapped[UUID | None] = mapped_column(Uuid)
    workspace: Mapped[str] = mapped_column(String(31))
    agreement: Mapped[str] = mapped_column(String(64))
    campaign: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    code: Mapped[str | None] = mapped_column(String(31))
    words: Mapped[str | None] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("decision"),
        Index("ix_reasons_workspace_at", "workspace", "at"),
        Index("ix_reasons_joined", "at", postgresql_where=text("decision IS NOT NULL"), sqlite_where=text("decision IS NOT NULL")),
    )  # fmt: skip
