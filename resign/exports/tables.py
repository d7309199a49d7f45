"""The tables of exports: who asked for what and how far it has got, and the file in pieces."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from resign.db import Table, UtcDateTime
from resign.db.schema import Counter


class Export(Table):
    """One search as a file.

    state: `waiting`, `running`, `ready`; `failed`; `expired` after a day, `deleted` by whoever asked. `query` is what
    was typed, which may name a person: it is emptied when the export ends, and `filters` is what remains of it.
    Decisions below `top` are in it, which is all there were when it was asked for; `below` is how far it has got.
    """

    __tablename__ = "exports"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    staff_id: Mapped[int] = mapped_column(Counter)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Names, with a blank between them.
    workspaces: Mapped[str] = mapped_column(Text)
    query: Mapped[str | None] = mapped_column(Text)
    filters: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(String(5))
    clear: Mapped[bool]
    state: Mapped[str] = mapped_column(String(7))
    top: Mapped[int] = mapped_column(BigInteger)
    below: Mapped[int] = mapped_column(BigInteger)
    rows: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    bytes: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    pieces: Mapped[int] = mapped_column(server_default=text("0"))
    # Who writes it and until when; a piece that does not come with the ticket is not kept.
    ticket: Mapped[UUID | None] = mapped_column(Uuid)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_exports_staff_id_id", "staff_id", "id"),)


class ExportPiece(Table):
    """Some rows of the file, each piece compressed by itself (gzip): so that it can be written on after a crash."""

    __tablename__ = "export_pieces"

    export_id: Mapped[int] = mapped_column(ForeignKey("exports.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)
