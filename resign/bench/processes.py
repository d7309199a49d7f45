"""Starts the processes that are measured, waits until they answer, and stops each when its part is over."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from resign.bench.fault import BenchFault

_PATIENCE_SECONDS = 30.0
_STOP_SECONDS = 45.0


@contextmanager
def running(
    module: Sequence[str], environment: Mapping[str, str], log: Path, *, answers_at: str | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """`python -m <module …>`; entered when it answers at that address, left when it has stopped."""
    with log.open("ab") as sink:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", *module], env=dict(environment), stdout=sink, stderr=sink
        )
    try:
        if answers_at is not None:
            _wait_for(answers_at, process, log)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(address, trust_env=False, timeout=5)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    tail = log.read_text(encoding="utf-8", errors="replace")[-500:]
    raise BenchFault(f"a process did not start: {tail}")
