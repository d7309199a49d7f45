"""What the two web workers hold after load, as PSS: memory they share with others counts in part."""

from collections.abc import Iterator
from pathlib import Path

from resign.bench import wrk
from resign.bench.engines import fresh
from resign.bench.figure import Figure, at_most
from resign.bench.plan import Plan
from resign.bench.sides import ONE_CLICK, digest_of_page
from resign.bench.system import install

_KIB_IN_MIB = 1 << 10
_PROCESSES = Path("/proc")
_LINKS_PER_SECOND = 8_000
_TARGET = at_most(180)


def measure(plan: Plan) -> Iterator[Figure]:
    for engine in plan.engines:
        plan.say(f"memory on {engine}")
        with fresh(engine, plan.server) as database:
            system = install(database, plan.folder / f"memory-{engine}")
            with system.running_web() as process:
                count = _LINKS_PER_SECOND * plan.seconds
                loads = (
                    wrk.Load("POST", system.paths(0, count), ONE_CLICK, again=True),
                    wrk.Load("GET", system.paths(count, count), again=True),
                    wrk.Load("POST", system.paths(0, count), f"page={digest_of_page(system)}", again=True),
                )
                for load in loads:
                    wrk.run(
                        system.address, load, plan.folder, connections=plan.connections, seconds=plan.seconds
                    )
                yield _figure(engine, process.pid)


def _figure(engine: str, main: int) -> Figure:
    workers = workers_of(main)
    held = [mebibytes(worker, "Pss") for worker in workers]
    measured = {
        "workers": [round(each, 1) for each in held],
        "private": [round(mebibytes(worker, "Private_Clean", "Private_Dirty"), 1) for worker in workers],
        "main_process": round(mebibytes(main, "Pss"), 1),
    }
    return Figure("memory", engine, sum(held), "MiB", _TARGET, measured)


def workers_of(main: int) -> list[int]:
    """The web workers; multiprocessing's own helper beside them serves nobody."""
    tasks = (_PROCESSES / str(main) / "task").glob("*/children")
    children = [int(pid) for task in tasks for pid in task.read_text().split()]
    return [
        pid for pid in children if b"resource_tracker" not in (_PROCESSES / str(pid) / "cmdline").read_bytes()
    ]


def mebibytes(pid: int, *names: str) -> float:
    """As the kernel adds them up (`smaps_rollup`, Linux 4.14)."""
    rows = (_PROCESSES / str(pid) / "smaps_rollup").read_text().splitlines()[1:]
    kibibytes = {name: int(amount.split()[0]) for name, _, amount in (row.partition(":") for row in rows)}
    return sum(kibibytes[name] for name in names) / _KIB_IN_MIB
