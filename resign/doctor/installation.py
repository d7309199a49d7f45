"""The installation: the storage and its promise of durability, the clock, the addresses, the key."""

import os
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from resign.clock import Clock
from resign.db import Database
from resign.db.migrate import is_current
from resign.doctor.finding import Finding, Verdict, well_if
from resign.settings import Settings, Workspace
from resign.synerise import check

_SKEW = timedelta(seconds=5)
_LEAST_FREE = 1 << 30
_SLOW_SYNC_SECONDS = 0.05


def examine(settings: Settings, database: Database, clock: Clock) -> Iterator[Finding]:
    """Finding after finding, as each is made: the last ones ask Synerise, which may take seconds."""
    yield Finding("well", f"settings: {len(settings.workspaces)} workspace(s), all of them valid")
    yield _origin(settings)
    yield from _storage(database, clock)
    yield from _disk(settings)
    for workspace in settings.workspaces.values():
        yield from _synerise(workspace, clock)


def _origin(settings: Settings) -> Finding:
    parts = urlsplit(settings.base_url)
    if parts.scheme == "https":
        return Finding("well", "links are minted for https")
    local = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    remedy = "set RESIGN_BASE_URL to the https address that people will open; RFC 8058 asks for https"
    return Finding("mind" if local else "ill", f"links are minted for {settings.base_url}", remedy)


def _storage(database: Database, clock: Clock) -> Iterator[Finding]:
    try:
        with database.reading() as session:
            session.execute(text("SELECT 1"))
        current = is_current(database)
    except (SQLAlchemyError, OSError) as error:
        remedy = f"check RESIGN_DATABASE_URL, that the server runs, and that it lets us in ({type(error).__name__})"
        yield Finding("ill", "the database does not answer", remedy)
        return
    yield Finding("well", f"the database answers ({database.url.get_backend_name()})")
    yield well_if(current, "the schema is this release's", "run `resign db upgrade`")
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


def _synerise(workspace: Workspace, clock: Clock) -> Iterator[Finding]:
    for found in check(workspace, clock):
        what = f"{workspace.name}: {found.what}"
        verdict: Verdict = "ill" if not found.ok else "mind" if found.remedy else "well"
        yield Finding(verdict, what, found.remedy)
