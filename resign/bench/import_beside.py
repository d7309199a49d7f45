"""What an import costs beside itself: how long a press takes to be durable meanwhile, and the memory of the command at its peak."""

import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from resign.bench.engines import fresh
from resign.bench.fault import BenchFault
from resign.bench.figure import Figure, percentile
from resign.bench.plan import Plan
from resign.bench.push import write_file
from resign.bench.push_memory import peak_of
from resign.bench.system import System, install
from resign.clock import SystemClock
from resign.db import Database
from resign.ledger import Intake, decide
from resign.profile import Profile
from resign.settings.surroundings import surroundings_without_settings

_COMMAND = (sys.executable, "-m", "resign", "import", "run", "--yes")
_EVERY_SECONDS = 0.02
_ALONE = 200
_numbers = count()


def measure(plan: Plan) -> Iterator[Figure]:
    """The import is the command, in a process of its own; the presses come one after the other, fifty a second."""
    for engine in plan.engines:
        with fresh(engine, plan.server) as empty:
            system = install(empty, plan.folder / f"beside-{engine}")
            file = write_file(plan.folder / "beside.csv", plan.import_rows)
            plan.say(f"presses beside an import on {engine}: {plan.import_rows:,} rows")
            yield _presses(system, engine, file, plan.import_rows)
            for rows in plan.memory_rows:
                plan.say(f"import memory on {engine}: {rows:,} rows")
                file = write_file(plan.folder / f"memory-{rows}.csv", rows)
                began = time.monotonic()
                peak = peak_of(system, system.sandbox, (*_COMMAND, str(file)))
                measured = {"rows": rows, "seconds": round(time.monotonic() - began, 1)}
                yield Figure(f"import peak, {rows:,} rows", engine, peak, "MiB", None, measured)


def _presses(system: System, engine: str, file: Path, rows: int) -> Figure:
    with system.database() as database:
        intake = Intake(database)
        alone = [_press(system, intake) for _ in range(_ALONE)]
        beside = _beside(system, intake, database, file)
    measured = {
        "rows": rows,
        "presses": len(beside),
        "alone_p50": round(percentile(alone, 0.5), 1),
        "alone_p99": round(percentile(alone, 0.99), 1),
        "beside_p50": round(percentile(beside, 0.5), 1),
        "beside_most": round(max(beside), 1),
    }
    return Figure("press p99 beside import", engine, percentile(beside, 0.99), "ms", None, measured)


def _beside(system: System, intake: Intake, database: Database, file: Path) -> list[float]:
    """Milliseconds of the presses from the first row that the import records to the last."""
    environment = {**surroundings_without_settings(), **system.variables}
    found = []
    with (
        (system.folder / "import.log").open("wb") as said,
        subprocess.Popen([*_COMMAND, str(file)], env=environment, stdout=said, stderr=said) as process,  # noqa: S603 - our own
    ):
        while process.poll() is None:
            taken = _press(system, intake)
            if _is_running(database):
                found.append(taken)
    if process.returncode or not found:
        raise BenchFault(f"an import failed: {(system.folder / 'import.log').read_text()[-300:]}")
    return found


def _is_running(database: Database) -> bool:
    with database.reading() as session:
        query = "SELECT 1 FROM import_batches WHERE state = 'running'"
        return session.connection().exec_driver_sql(query).first() is not None


def _press(system: System, intake: Intake) -> float:
    decision = decide(
        workspace=system.workspace, digest_key=system.digest_key,
        profile=Profile("email", f"presser{next(_numbers)}@example.com"), agreement="newsletter",
        choice="opt-out", method="page", at=SystemClock().now(),
    )  # fmt: skip
    began = time.perf_counter()
    intake.append(decision)
    taken = (time.perf_counter() - began) * 1000
    time.sleep(_EVERY_SECONDS)
    return taken
