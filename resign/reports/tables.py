"""The rollups' tables. All of them follow from the ledger, the outbox and the notices, and can be rebuilt from these."""

from datetime import date, datetime

from sqlalchemy import Index, Integer, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from resign.db import Table, UtcDateTime
from resign.db.schema import Counter

# SQLite keeps such a table in the order of its key, so that a year is one range and not a look-up per row.
_BY_KEY = {"sqlite_with_rowid": False}


class RollupCount(Table):
    """Decisions of one workspace and local day, once for each dimension: a year by campaign reads no other row.

    dimension: `all` (whose value is empty), `method`, `campaign`, `language`. Empty text stands for "not known":
    a key holds no NULL.
    """

    __tablename__ = "rollup_counts"

    workspace: Mapped[str] = mapped_column(String(31), primary_key=True)
    dimension: Mapped[str] = mapped_column(String(8), primary_key=True)
    choice: Mapped[str] = mapped_column(String(7), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    agreement: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(Counter)
    # Opt-outs that the person took back within 24 hours, under the day of the opt-out.
    undone: Mapped[int] = mapped_column(Counter)

    __table_args__ = (_BY_KEY,)


class RollupTime(Table):
    """A histogram of durations per workspace and local day of the opt-out; `bucket` as in resign.reports.durations.

    measure: `confirmed` (from the decision to its confirmation), `mail` (from the campaign's mail to the decision).
    """

    __tablename__ = "rollup_times"

    workspace: Mapped[str] = mapped_column(String(31), primary_key=True)
    measure: Mapped[str] = mapped_column(String(9), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    bucket: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(Counter)

    __table_args__ = (_BY_KEY,)


class RollupReason(Table):
    """Answers to "why?", by the day in UTC: after 30 days an answer keeps nothing finer. Empty code: own words only."""

    __tablename__ = "rollup_reasons"

    workspace: Mapped[str] = mapped_column(String(31), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(31), primary_key=True)
    count: Mapped[int] = mapped_column(Counter)

    __table_args__ = (_BY_KEY,)


class RollupMailed(Table):
    """Mails that went out after a confirmed opt-out, by the local day of the mail."""

    __tablename__ = "rollup_mailed"

    workspace: Mapped[str] = mapped_column(String(31), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    campaign: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(Counter)

    __table_args__ = (_BY_KEY,)


class RollupMark(Table):
    """What has been counted of one decision, so that it is counted once, and what is learnt later as a difference."""

    __tablename__ = "rollup_marks"

    decision_seq: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=False)
    undone: Mapped[bool]
    confirmed: Mapped[int | None] = mapped_column(SmallInteger)
    mail: Mapped[int | None] = mapped_column(SmallInteger)


class RollupProgress(Table):
    """One row: how far each stream has been read. Whoever writes adds one to `version`, and nobody else did meanwhile."""

    __tablename__ = "rollup_progress"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Counter, server_default=text("0"))
    decisions: Mapped[int] = mapped_column(Counter, server_default=text("0"))
    attempts: Mapped[int] = mapped_column(Counter, server_default=text("0"))
    notices: Mapped[int] = mapped_column(Counter, server_default=text("0"))
    # The day (UTC) on which the answers to "why?" were last counted; earlier days cannot change any more.
    reasons_day: Mapped[date | None]
    counted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RollupGap(Table):
    """Numbers that a stream has passed over: their transaction may yet commit (PostgreSQL hands them out before)."""

    __tablename__ = "rollup_gaps"

    stream: Mapped[str] = mapped_column(String(9), primary_key=True)
    low: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=False)
    high: Mapped[int] = mapped_column(Counter)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When no transaction older than this one is left, nobody can fill the gap any more.
    horizon: Mapped[int] = mapped_column(Counter)


class RollupZone(Table):
    """The time zone that a workspace's days were counted in. Another one in the settings takes a rebuild."""

    __tablename__ = "rollup_zones"

    workspace: Mapped[str] = mapped_column(String(31), primary_key=True)
    zone: Mapped[str] = mapped_column(String(64))


class WatchedOptOut(Table):
    """An opt-out of the last minutes that others of its domain may join to a burst."""

    __tablename__ = "burst_watch"

    decision_seq: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=False)
    workspace: Mapped[str] = mapped_column(String(31))
    domain_digest: Mapped[str] = mapped_column(String(32))
    person: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    campaign: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        Index("ix_burst_watch_domain_digest_workspace", "domain_digest", "workspace"),
        Index("ix_burst_watch_at", "at"),
    )


class Burst(Table):
    """Many opt-outs of one recipient domain within a minute: a scanner's, perhaps. It is shown, and never undone by itself."""

    __tablename__ = "bursts"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    workspace: Mapped[str] = mapped_column(String(31))
    domain_digest: Mapped[str] = mapped_column(String(32))
    # In clear only as long as an address of the burst is.
    domain: Mapped[str | None] = mapped_column(String(254))
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opt_outs: Mapped[int]
    # None where none was named, or several were.
    campaign: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (Index("ix_bursts_workspace_first_at", "workspace", "first_at"),)


class BurstMember(Table):
    """One opt-out of a burst; it belongs to one burst only."""

    __tablename__ = "burst_members"

    decision_seq: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=False)
    burst_id: Mapped[int] = mapped_column(Counter, index=True)
