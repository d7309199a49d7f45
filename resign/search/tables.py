"""The index's tables. All of it follows from the ledger and can be made again; nothing here slows an opt-out's insert.

people          one row per person, for parts of an address; on SQLite an FTS5 table stands beside it
stretches       the ledger in stretches of 256 decisions: the times between which each lies
long_stretches  the same of 256 stretches each
stretch_marks   which stretches hold a campaign, a method, a language … at all
search_cursors  how far the index has read
"""

from datetime import datetime

from sqlalchemy import DDL, BigInteger, Index, Integer, String, Text, UniqueConstraint, event, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from resign.db import Table, UtcDateTime
from resign.db.schema import Counter
from resign.outbox.tables import MessageRow

# A stretch's number is the decisions' seq, shifted: few enough to be read through for one that is in it.
STRETCH_BITS = 8
# And a long one's number is the stretches', shifted once more.
LONG_BITS = 8

# An inverted index over three letters each. The rows' order is the people's, so the newest come first and early.
_PARTS = (
    "CREATE VIRTUAL TABLE people_parts USING fts5("
    "folded, content='', detail=none, tokenize='trigram case_sensitive 1')"
)


class Person(Table):
    """One identity that the ledger knows, as far as it is searched by parts.

    `id` is the seq of the decision by which it became known, so that the newest people are found first. `folded`
    is its identifier and the address that Synerise named for it, in small letters. `parts` are the numbers of
    every three letters of it; SQLite has them in `people_parts` and leaves the column empty.
    """

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=False)
    workspace: Mapped[str] = mapped_column(String(31))
    digest: Mapped[str] = mapped_column(String(32))
    folded: Mapped[str] = mapped_column(Text)
    parts: Mapped[list[int] | None] = mapped_column(ARRAY(Integer).with_variant(Text, "sqlite"))

    __table_args__ = (
        UniqueConstraint("workspace", "digest"),
        # Without its pending list, which every search would have to read through.
        Index(
            "ix_people_parts", "parts", postgresql_using="gin", postgresql_with={"fastupdate": "off"}
        ).ddl_if(dialect="postgresql"),
    )


event.listen(
    Person.__table__,
    "after_create",
    DDL(_PARTS).execute_if(dialect="sqlite"),  # type: ignore[no-untyped-call]
)
event.listen(
    Person.__table__,
    "before_drop",
    DDL("DROP TABLE IF EXISTS people_parts").execute_if(dialect="sqlite"),  # type: ignore[no-untyped-call]
)


class Stretch(Table):
    """The times between which a workspace's decisions of one stretch lie; imports may bring old ones late."""

    __tablename__ = "stretches"

    workspace: Mapped[str] = mapped_column(String(31), primary_key=True)
    stretch: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    earliest: Mapped[datetime] = mapped_column(UtcDateTime)
    latest: Mapped[datetime] = mapped_column(UtcDateTime)


class LongStretch(Table):
    """The times of 256 stretches, so that days far back are found without passing every stretch that came since."""

    __tablename__ = "long_stretches"

    workspace: Mapped[str] = mapped_column(String(31), primary_key=True)
    stretch: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    earliest: Mapped[datetime] = mapped_column(UtcDateTime)
    latest: Mapped[datetime] = mapped_column(UtcDateTime)


class StretchMark(Table):
    """That a stretch holds at least one decision of this campaign, method, agreement, language, choice or origin."""

    __tablename__ = "stretch_marks"

    workspace: Mapped[str] = mapped_column(String(31), primary_key=True)
    name: Mapped[str] = mapped_column(String(9), primary_key=True)
    value: Mapped[str] = mapped_column(String(64), primary_key=True)
    stretch: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class SearchCursor(Table):
    """How far the index has read of a feed (`decisions`, `attempts`).

    Numbers are handed out before they are committed, so a lower one may come later. Where numbers are missing when
    they are read, they are looked for a second time when whoever held them has surely committed or gone.
    """

    __tablename__ = "search_cursors"

    feed: Mapped[str] = mapped_column(String(16), primary_key=True)
    seen: Mapped[int] = mapped_column(BigInteger)
    # Behind which numbers are missing; then what the next second look goes over, and from when on it may.
    gap_after: Mapped[int | None] = mapped_column(BigInteger)
    look_after: Mapped[int | None] = mapped_column(BigInteger)
    look_to: Mapped[int | None] = mapped_column(BigInteger)
    look_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


# What is not told yet, and what was refused, by decision: the outbox's own indexes are in the order of what is due.
_LIVE_SQL = text("state IN ('owed', 'accepted')")
_DEAD_SQL = text("state = 'dead'")
Index(
    "ix_messages_live_decision_seq",
    MessageRow.decision_seq,
    postgresql_where=_LIVE_SQL,
    sqlite_where=_LIVE_SQL,
)
Index(
    "ix_messages_dead_decision_seq",
    MessageRow.decision_seq,
    postgresql_where=_DEAD_SQL,
    sqlite_where=_DEAD_SQL,
)
