"""How much memory `resign feed run` takes at its peak, for a short file and for a long one."""

import sys
import time
from collections.abc import Iterator
from dataclasses import replace

from resign.bench.engines import fresh
from resign.bench.fault import BenchFault
from resign.bench.figure import Figure
from resign.bench.ledger import fill
from resign.bench.plan import Plan
from resign.bench.push_memory import peak_of
from resign.bench.system import install

_COMMAND = (sys.executable, "-m", "resign", "feed", "run", "bench")


def measure(plan: Plan) -> Iterator[Figure]:
    """The ledger is filled in this process, and the file is written in another one, whose peak it is."""
    for engine in plan.engines:
        for rows in plan.memory_rows:
            plan.say(f"feed memory on {engine}: {rows:,} decisions")
            with fresh(engine, plan.server) as empty:
                system = install(empty, plan.folder / f"feed-memory-{engine}-{rows}")
                files = system.folder / "files"
                files.mkdir()
                table = f"[bench]\nkind = 'folder'\npath = '{files}'\n"
                with system.database() as database:
                    fill(database, system.digest_key, 0, rows, indexed_to=0)
                began = time.monotonic()
                told = replace(system, variables={**system.variables, "RESIGN_DESTINATIONS": table})
                peak = peak_of(told, system.sandbox, _COMMAND)
                seconds = time.monotonic() - began
                sizes = [file.stat().st_size for file in files.iterdir()]
                if len(sizes) != 1:
                    raise BenchFault(f"a feed has written {len(sizes)} files")
                measured = {"decisions": rows, "bytes": sizes[0], "seconds": round(seconds, 1)}
                yield Figure(f"feed peak, {rows:,} decisions", engine, peak, "MiB", None, measured)
