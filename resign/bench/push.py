"""How fast `resign links push` is, against a bare loop that posts the same batches to the same sandbox."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from statistics import median

import httpx

from resign.bench.fault import BenchFault
from resign.bench.figure import Figure, Target, at_least, median_ratio
from resign.bench.minting import NO_ENGINE
from resign.bench.plan import Plan
from resign.bench.sandbox import plant
from resign.bench.system import System, install, person
from resign.links import Links
from resign.profile import Profile
from resign.settings.surroundings import surroundings_without_settings

COMMAND = (sys.executable, "-m", "resign", "links", "push")
_AT_ONCE = 1_000
# As many as the command has.
_THREADS = 4
_TARGET = at_least(0.8)


def measure(plan: Plan) -> Iterator[Figure]:
    """The two sides take turns, and each meets a sandbox that knows nobody.

    First the sandbox answers at once, which is the hardest case: then the figure is what reading and minting
    cost beside what the sandbox does with a row. A server that is farther away hides that cost.
    """
    system = install(NO_ENGINE, plan.folder / "push")
    file = write_file(plan.folder / "push.csv", plan.push_rows)
    batches = _ready_made(system, plan.folder / "batches", plan.push_rows)
    for name, answer_after, target in (("push", 0.0, _TARGET), ("push, answers after 200 ms", 0.2, None)):
        plan.say(f"{name}: {plan.rounds} rounds of {plan.push_rows:,} rows")
        with system.running_sandbox(answer_after=answer_after):
            yield _figure(name, plan, target, *_sides(system, plan, file, batches))


def _sides(system: System, plan: Plan, file: Path, batches: Path) -> tuple[list[float], list[float]]:
    """Rows a second in each round, ours and the bare loop's."""
    key = system.variables["RESIGN_SYNERISE_API_KEY"]
    bare_command = (
        sys.executable,
        "-m",
        "resign.bench.bare_push",
        system.sandbox,
        key,
        str(batches),
        str(_THREADS),
    )
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(plan.rounds):
        bare.append(_per_second(system, plan, bare_command))
        ours.append(_per_second(system, plan, (*COMMAND, str(file), "--again")))
    return ours, bare


def _figure(name: str, plan: Plan, target: Target | None, ours: list[float], bare: list[float]) -> Figure:
    measured = {
        "rows": plan.push_rows,
        "per_second": round(median(ours)),
        "bare_per_second": round(median(bare)),
        "rounds": [round(one / other, 3) for one, other in zip(ours, bare, strict=True)],
    }
    return Figure(name, "", median_ratio(ours, bare), "", target, measured)


def write_file(path: Path, rows: int, first: int = 0) -> Path:
    """A CSV of so many people, each another one, from the number `first`."""
    with path.open("w", encoding="ascii") as file:
        file.write("email,name\n")
        file.writelines(f"{person(number)},Anna\n" for number in range(first, first + rows))
    return path


def _ready_made(system: System, folder: Path, rows: int) -> Path:
    folder.mkdir()
    minted = Links(system.settings.workspaces.values())
    for first in range(0, rows, _AT_ONCE):
        items = [
            {
                "email": who,
                "attributes": {"resign_token": minted.mint(system.workspace, Profile("email", who))},
            }
            for who in map(person, range(first, min(first + _AT_ONCE, rows)))
        ]
        (folder / f"{first:09d}.json").write_text(json.dumps(items, separators=(",", ":")), encoding="ascii")
    return folder


def _per_second(system: System, plan: Plan, command: Sequence[str]) -> float:
    """By the sandbox's own times, from the first batch that arrived to the last that was answered: the start of
    a process and its log-in are on neither side.
    """
    plant(system.sandbox, 0, 0)
    done = subprocess.run(  # noqa: S603 - our own command
        command,
        env={**surroundings_without_settings(), **system.variables},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchFault(f"a push failed: {done.stderr[-300:]}")
    with httpx.Client(base_url=system.sandbox, trust_env=False, timeout=60) as sandbox:
        seen = sandbox.get("/sandbox/requests", params={"format": "json", "limit": 2_000}).json()["requests"]
    batches = [request for request in seen if request["path"] == "/v4/clients/batch"]
    if len(batches) != -(-plan.push_rows // _AT_ONCE) or {each["status"] for each in batches} != {202}:
        raise BenchFault("the sandbox did not get each batch once")
    ends = [datetime.fromisoformat(request["time"]).timestamp() for request in batches]
    begins = [end - request["milliseconds"] / 1000 for end, request in zip(ends, batches, strict=True)]
    return plan.push_rows / float(max(ends) - min(begins))
