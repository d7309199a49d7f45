"""The tables of imports: which file, how it is read, how far it has got; and what became of each of its rows."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from resign.db import Table, UtcDateTime

# checking    the file is being gone through, and nothing is written of it
# checked     it is known what taking it in would do
# running     it is being taken in; or `paused` by somebody
# done        it was taken in to its end
# stopped     somebody ended it before that, or nobody took it in within a week
# reversing   it is being taken back; then `reversed`
# failed      it could not be read to its end; `why` says why, and what was taken in until then stands
State = Literal[
    "checking", "checked", "running", "paused", "done", "stopped", "reversing", "reversed", "failed"
]


class ImportBatch(Table):
    """One file that is, was or will be taken in. The file itself lies in the data directory until it is over.

    `shape` and `mapping` are JSON, as reading and `RowMapping` write them. `reached` is the number of the last row that was dealt
    with; it is written in the transaction in which that row's decision is. `counts` is JSON: rows by verdict or reason;
    `changes` too: by `agreement before after` how many decisions, where `before` may be `-`; `expected` is both as a dry run found
    them, `taken_back` what became of each decision when it was reversed.
    """

    __tablename__ = "import_batches"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    workspace: Mapped[str] = mapped_column(String(31))
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    shape: Mapped[str] = mapped_column(Text)
    mapping: Mapped[str] = mapped_column(Text)
    origin: Mapped[str | None] = mapped_column(String(31))
    who: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(9))
    reached: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    counts: Mapped[str] = mapped_column(Text, server_default=text("'{}'"))
    changes: Mapped[str] = mapped_column(Text, server_default=text("'{}'"))
    expected: Mapped[str | None] = mapped_column(Text)
    # How much of the file of rejects counts: what stands behind was written by a run that was killed.
    rejects_size: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    why: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Of a list of hashes: decisions up to `known_to` are compared with it once it was read, those to `compared` were.
    known_to: Mapped[int | None] = mapped_column(BigInteger)
    compared: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    # Who takes it back, and what speaks for opting in those of whom nothing was known before, where anything does.
    reversed_by: Mapped[str | None] = mapped_column(String(64))
    agreed: Mapped[str | None] = mapped_column(String(500))
    taken_back: Mapped[str] = mapped_column(Text, server_default=text("'{}'"))
    # Who works on it and until when; what does not come with the ticket is not kept.
    ticket: Mapped[UUID | None] = mapped_column(Uuid)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(server_default=text("0"))

    __table_args__ = (
        Index("ix_import_batches_workspace_id", "workspace", "id"),
        Index("ix_import_batches_sha256", "sha256"),
    )


class ImportRow(Table):
    """What became of one row. `part` counts the decisions of one row, from 0; "everything" makes several.

    No address stands here: `digest` is the person's as in the ledger, `hash` stands in a list of hashes. `before` is
    where the person stood before the *import*, so that an earlier row of the same file does not count; `taken_back` is
    a code of `resign.imports.reasons.REVERSALS`.
    """

    __tablename__ = "import_rows"

    batch: Mapped[UUID] = mapped_column(Uuid, ForeignKey("import_batches.id"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    verdict: Mapped[str] = mapped_column(String(24))
    digest: Mapped[str | None] = mapped_column(String(32))
    hash: Mapped[str | None] = mapped_column(String(64))
    decision: Mapped[UUID | None] = mapped_column(Uuid)
    before: Mapped[str | None] = mapped_column(String(7))
    # The decision by which an opt-out was known already: it stays for as long as this import does.
    held: Mapped[UUID | None] = mapped_column(Uuid)
    taken_back: Mapped[str | None] = mapped_column(String(16))
    taken_back_by: Mapped[UUID | None] = mapped_column(Uuid)

    __table_args__ = (
        Index("ix_import_rows_decision", "decision", postgresql_where=text("decision IS NOT NULL"), sqlite_where=text("decision IS NOT NULL")),
        Index("ix_import_rows_held", "held", postgresql_where=text("held IS NOT NULL"), sqlite_where=text("held IS NOT NULL")),
        Index("ix_import_rows_hash", "hash", postgresql_where=text("hash IS NOT NULL"), sqlite_where=text("hash IS NOT NULL")),
    )  # fmt: skip
