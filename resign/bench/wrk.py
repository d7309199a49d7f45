"""Runs wrk for a few seconds and reads what it counted."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from resign.bench.fault import BenchFault

_SCRIPT = Path(__file__).with_name("load.lua")
_THREADS = 2


@dataclass(frozen=True, slots=True)
class Load:
    """One kind of request, sent to each of `paths` in turn; `again` where a path may be asked for more than once."""

    method: str
    paths: Sequence[str]
    body: str = ""
    again: bool = False
    type: str = "application/x-www-form-urlencoded"
    headers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """`acknowledged` counts answers below 400; `broken` connections, time-outs included."""

    acknowledged: int
    refused: int
    broken: int
    seconds: float
    p50_ms: float
    p99_ms: float

    @property
    def per_second(self) -> float:
        return self.acknowledged / self.seconds


def run(address: str, load: Load, folder: Path, *, connections: int, seconds: int) -> Counted:
    """`folder` is where the paths are put for wrk to read."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise BenchFault("wrk is not installed: apt-get install wrk")
    listed = folder / "paths"
    listed.write_text("\n".join(load.paths) + "\n", encoding="ascii")
    command = [wrk, f"-t{_THREADS}", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s"]
    script = [str(listed), str(_THREADS), "again" if load.again else "once", load.method]
    body = [load.type, load.body] if load.body else []
    headers = [word for header in load.headers for word in ("-H", header)]
    done = subprocess.run(  # noqa: S603 - our own command
        [*command, *headers, "-s", str(_SCRIPT), address, "--", *script, *body],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchFault(f"wrk failed: {(done.stderr or done.stdout).strip()[-300:]}")
    return read(done.stdout)


def read(output: str) -> Counted:
    """The script's line of JSON, which is the last that wrk prints."""
    found = json.loads(output.strip().rpartition("\n")[2])
    if found["short"]:
        raise BenchFault("wrk ran out of links before the round was over: a figure would count idle time")
    return Counted(
        acknowledged=found["answers"] - found["refused"],
        refused=found["refused"],
        broken=found["broken"],
        seconds=found["seconds"],
        p50_ms=found["p50_ms"],
        p99_ms=found["p99_ms"],
    )
