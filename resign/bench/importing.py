"""How fast a file is taken in, against a bare loop that parses it and inserts the same rows, one commit per chunk."""

import csv
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import func, insert, select

from resign.bench.engines import fresh
from resign.bench.fault import BenchFault
from resign.bench.figure import Figure, at_least, median_ratio
from resign.bench.plan import Plan
from resign.bench.push import write_file
from resign.bench.system import System, install
from resign.clock import SystemClock
from resign.db import Database
from resign.ids import new_id
from resign.imports import batches
from resign.imports.batches import Asked
from resign.imports.mapping import RowMapping
from resign.imports.reading import recognise
from resign.imports.running import Importer
from resign.imports.shelf import Shelf
from resign.ledger.tables import Decision
from resign.ledger.uploading import MOST_AT_ONCE
from resign.profile import Profile
from resign.staff.roles import Staff

_TARGET = at_least(0.5)
_BY = Staff(id=0, name="bench", grants={})


def measure(plan: Plan) -> Iterator[Figure]:
    """The two sides take turns in one database, which grows; each row is of somebody new, who must be found in it."""
    for engine in plan.engines:
        plan.say(f"import on {engine}: {plan.rounds} rounds of {plan.import_rows:,} rows")
        with fresh(engine, plan.server) as empty:
            system = install(empty, plan.folder / f"import-{engine}")
            with system.database() as database:
                yield _figure(plan, engine, *_sides(plan, system, database))


def _sides(
    plan: Plan, system: System, database: Database
) -> tuple[list[float], list[float], list[float]]:  # fmt: skip
    """Rows a second in each round: taken in, the bare loop, and the dry run."""
    ours: list[float] = []
    bare: list[float] = []
    dry: list[float] = []
    file = plan.folder / "import.csv"
    for number in range(plan.rounds * 2):
        write_file(file, plan.import_rows, number * plan.import_rows)
        before = _decisions(database)
        if number % 2:
            bare.append(plan.import_rows / _bare(system, database, file))
        else:
            checking, taking = _ours(system, database, file)
            dry.append(plan.import_rows / checking)
            ours.append(plan.import_rows / taking)
        if _decisions(database) - before != plan.import_rows:
            raise BenchFault("not every row of an import is in the ledger")
    return ours, bare, dry


def _ours(system: System, database: Database, file: Path) -> tuple[float, float]:
    """Seconds of the dry run, and of taking it in, its breaths for others included."""
    shelf, clock = Shelf(system.folder), SystemClock()
    with file.open("rb") as content:
        kept = shelf.keep(file.name, content)
    asked = Asked(system.workspace, recognise(kept.path), RowMapping.of({"identifiers": {"email": "email"}}))
    with database.writing() as session:
        number = batches.begin(session, _BY, kept, asked, clock.now()).id
        session.commit()
    importer = Importer(database, system.settings.workspaces, shelf, clock, only=number)
    checking = _seconds(importer)
    with database.writing() as session:
        batches.run(session, _BY, number, clock.now())
        session.commit()
    return checking, _seconds(importer)


def _seconds(importer: Importer) -> float:
    began = time.perf_counter()
    while importer.step():
        pass
    return time.perf_counter() - began


def _bare(system: System, database: Database, file: Path) -> float:
    began = time.perf_counter()
    with file.open(newline="", encoding="utf-8") as content:
        rows = csv.reader(content)
        next(rows)
        while chunk := list(islice(rows, MOST_AT_ONCE)):
            with database.writing() as session:
                session.connection().execute(insert(Decision), [_row(system, row[0]) for row in chunk])
                session.commit()
    return time.perf_counter() - began


def _row(system: System, address: str) -> dict[str, Any]:
    """What the ledger holds of a decision, with nothing asked and nothing checked."""
    return {
        "id": new_id(), "workspace": system.workspace, "kind": "email", "identifier": address,
        "digest": Profile("email", address).digest(system.digest_key), "agreement": "newsletter",
        "choice": "opt-out", "method": "import", "actor": "bench", "at": SystemClock().now(),
    }  # fmt: skip


def _decisions(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Decision)) or 0


def _figure(plan: Plan, engine: str, ours: list[float], bare: list[float], dry: list[float]) -> Figure:
    measured = {
        "rows": plan.import_rows,
        "per_second": round(median(ours)),
        "bare_per_second": round(median(bare)),
        "dry_per_second": round(median(dry)),
        "rounds": [round(one / other, 3) for one, other in zip(ours, bare, strict=True)],
    }
    return Figure("import", engine, median_ratio(ours, bare), "", _TARGET, measured)
