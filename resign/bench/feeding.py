"""How fast a feed's file is written, against a bare loop that reads the same rows in one statement and writes the same file."""

import csv
import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from resign.bench.engines import fresh
from resign.bench.fault import BenchFault
from resign.bench.figure import Figure, at_least, median_ratio
from resign.bench.ledger import WORKSPACE, fill
from resign.bench.plan import Plan
from resign.bench.system import install
from resign.clock import SystemClock
from resign.db import Database
from resign.feeds.feed import Feeding
from resign.feeds.sinks.folder import FolderSink
from resign.settings.destinations import FileTo
from resign.settings.destinations.place import FolderPlace

_TARGET = at_least(0.5)
_NAMES = ("email", "agreement", "choice", "at")
# Each person's newest decision on an agreement, and the address, where there is one.
_SAME_ROWS = """
SELECT coalesce(CASE WHEN d.kind = 'email' THEN d.identifier END, c.email), d.agreement, d.choice, {at}
FROM decisions d LEFT JOIN consents c ON c.workspace = d.workspace AND c.digest = d.digest AND c.email IS NOT NULL
WHERE d.workspace = 'default' AND NOT EXISTS (
  SELECT 1 FROM decisions n WHERE n.digest = d.digest AND n.seq > d.seq AND n.workspace = d.workspace
  AND (n.agreement = d.agreement OR n.agreement = 'all' AND n.choice = 'opt-out' AND d.choice = 'opt-in'))
ORDER BY d.seq
"""
_AT = {"sqlite": "d.at", "postgres": "to_char(d.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')"}


def measure(plan: Plan) -> Iterator[Figure]:
    """Each round, a feed that is new writes all that there is; the two files must be the same, byte by byte."""
    for engine in plan.engines:
        plan.say(f"feed on {engine}: {plan.rounds} rounds of {plan.feed_rows:,} decisions")
        with fresh(engine, plan.server) as empty:
            system = install(empty, plan.folder / f"feed-{engine}")
            with system.database() as database:
                fill(database, system.digest_key, 0, plan.feed_rows, indexed_to=0)
                yield _figure(plan, engine, database, plan.folder / f"files-{engine}")


def _figure(plan: Plan, engine: str, database: Database, folder: Path) -> Figure:
    folder.mkdir()
    ours: list[float] = []
    bare: list[float] = []
    for number in range(plan.rounds):
        name = f"round{number}"
        seconds = write_all(
            database, FileTo(name=name, kind="folder", place=FolderPlace(path=folder)), folder
        )
        [file] = folder.glob(f"{WORKSPACE}-{name}-*.csv")
        ours.append(plan.feed_rows / seconds)
        bare.append(plan.feed_rows / _bare(database, engine, folder / "bare.csv"))
        if _content(file) != _content(folder / "bare.csv"):
            raise BenchFault("the bare loop has written another file")
        file.unlink()
    measured = {
        "decisions": plan.feed_rows,
        "per_second": round(median(ours)),
        "bare_per_second": round(median(bare)),
        "rounds": [round(one / other, 3) for one, other in zip(ours, bare, strict=True)],
    }
    return Figure("feed", engine, median_ratio(ours, bare), "", _TARGET, measured)


def write_all(database: Database, to: FileTo, folder: Path) -> float:
    """Seconds until the file of a feed that is new has arrived in its folder, and is noted."""
    feeding = Feeding(
        database, WORKSPACE, to, FolderSink(folder), SystemClock(), zone=ZoneInfo("UTC"), folder=folder
    )
    began = time.perf_counter()
    while feeding.step():
        pass
    return time.perf_counter() - began


def _bare(database: Database, engine: str, file: Path) -> float:
    began = time.perf_counter()
    with (
        file.open("w", newline="", encoding="utf-8") as content,
        database.engine.connect().execution_options(stream_results=True) as connection,
    ):
        writer = csv.writer(content)
        writer.writerow(_NAMES)
        # Nothing but text, so that SQLAlchemy has nothing to convert.
        for email, agreement, choice, at in connection.exec_driver_sql(_SAME_ROWS.format(at=_AT[engine])):
            if email:
                writer.writerow((email, agreement, choice, f"{at[:10]}T{at[11:19]}Z"))
        content.flush()
        os.fsync(content.fileno())
    return time.perf_counter() - began


def _content(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
