"""The storage: whether it answers, has this release's schema, keeps its promise of durability, and has room."""

import os
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from resign.clock import Clock
from resign.db import Database
from resign.db.migrate import is_current
from resign.doctor.finding import Finding, well_if
from resign.settings import Settings

_SKEW = timedelta(seconds=5)
_LEAST_FREE = 1 << 30
_SLOW_SYNC_SECONDS = 0.05


def examine_storage(settings: Settings, database: Database, clock: Clock) -> Iterator[Finding]:
    if not is_there(database):
        yield Finding("mind", "there is no database yet", "`resign serve` makes it at its first start")
    else:
        yield from _database(database, clock)
    yield from _disk(settings)


def is_there(database: Database) -> bool:
    """Where it is a file that does not exist, it must not even be opened, because that would make the file."""
    return not database.is_sqlite or Path(database.url.database or "").exists()


def _database(database: Database, clock: Clock) -> Iterator[Finding]:
    try:
        with database.reading() as session:
            session.execute(text("SELECT 1"))
            is_empty = not inspect(session.connection()).has_table("alembic_version")
        current = is_current(database)
    except (SQLAlchemyError, OSError) as error:
        remedy = f"check RESIGN_DATABASE_URL, that the server runs, and that it lets us in ({type(error).__name__})"
        yield Finding("ill", "the database does not answer", remedy)
        return
    yield Finding("well", f"the database answers ({database.url.get_backend_name()})")
    yield _schema(database, current=current, is_empty=is_empty)
    with database.writing() as session:
        if database.is_sqlite:
            full = session.scalar(text("PRAGMA synchronous")) == 2  # noqa: PLR2004 - 2 is FULL
            yield well_if(
                full, "commits reach the disk before they are acknowledged", "use a SQLite with WAL and FULL"
            )
            return
        settings = {name: session.scalar(text(f"SHOW {name}")) for name in ("fsync", "synchronous_commit")}
        yield well_if(
            settings["fsync"] == "on" and settings["synchronous_commit"] != "off",
            "commits reach the disk before they are acknowledged",
            "set fsync = on in PostgreSQL's configuration: without it a power cut loses opt-outs",
        )
        theirs = session.scalar(select(func.now()))
    skew = abs(clock.now() - theirs) if theirs else timedelta(0)
    yield well_if(skew < _SKEW, "the clock agrees with the database's", "let both machines keep time by NTP")


def _schema(database: Database, *, current: bool, is_empty: bool) -> Finding:
    if current:
        return Finding("well", "the schema is this release's")
    if not is_empty:
        return Finding(
            "ill", "the schema is another release's",
            "run `resign db upgrade`; if it is of a newer release, start that one",
        )  # fmt: skip
    if database.is_sqlite:
        return Finding("mind", "the database is empty", "`resign serve` makes the schema at its first start")
    return Finding("ill", "the database is empty", "run `resign db upgrade`, which makes the schema")


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir
    if not folder.is_dir():
        yield Finding(
            "mind", "the data folder does not exist yet", f"it will be made at the first start: {folder}"
        )
        return
    free = shutil.disk_usage(folder).free
    yield well_if(
        free > _LEAST_FREE, f"{free >> 30} GiB are free for data", "make room: a full disk takes no opt-outs"
    )
    probe = folder / ".doctor"
    try:
        seconds = _sync_seconds(str(probe))
    except OSError as error:
        yield Finding(
            "ill", "the data folder cannot be written", f"mend its owner or mode ({type(error).__name__})"
        )
        return
    what = f"one write reaches the disk in {seconds * 1000:.1f} ms"
    slow = Finding("mind", what, "a disk this slow makes people wait when few press at once")
    yield Finding("well", what) if seconds < _SLOW_SYNC_SECONDS else slow


def _sync_seconds(path: str) -> float:
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        began = time.perf_counter()
        os.write(descriptor, b"x" * 4096)
        os.fsync(descriptor)
        return time.perf_counter() - began
    finally:
        os.close(descriptor)
        os.unlink(path)  # noqa: PTH108 - beside the descriptor that it closes
