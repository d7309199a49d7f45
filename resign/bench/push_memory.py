"""How much memory `resign links push` takes at its peak, for a small file and for a large one."""

import json
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from resign.bench.fault import BenchFault
from resign.bench.figure import Figure
from resign.bench.minting import NO_ENGINE
from resign.bench.plan import Plan
from resign.bench.push import COMMAND, write_file
from resign.bench.system import System, install
from resign.settings.surroundings import surroundings_without_settings

_KIB_IN_MIB = 1 << 10
_LOOK_EVERY = 0.02


def measure(plan: Plan) -> Iterator[Figure]:
    """Against a server that takes everything and keeps nothing: the sandbox would hold a million profiles."""
    system = install(NO_ENGINE, plan.folder / "push-memory")
    with _takes_everything() as address:
        for rows in plan.memory_rows:
            file = write_file(plan.folder / f"{rows}.csv", rows)
            for name, more in (("push dry run", ["--dry-run"]), ("push", [])):
                plan.say(f"{name} memory: {rows:,} rows")
                began = time.monotonic()
                peak = peak_of(system, address, (*COMMAND, str(file), *more))
                measured = {"rows": rows, "seconds": round(time.monotonic() - began, 1)}
                yield Figure(f"{name} peak, {rows:,} rows", "", peak, "MiB", None, measured)


def peak_of(system: System, address: str, command: Sequence[str]) -> float:
    """MiB, as the kernel keeps them (`VmHWM`): looked at to the end, because it is gone with the process."""
    environment = {**surroundings_without_settings(), **system.variables, "RESIGN_SYNERISE_URL": address}
    peak = 0
    log = system.folder / "push.log"
    with (
        log.open("wb") as said,
        subprocess.Popen(command, env=environment, stdout=said, stderr=said) as process,  # noqa: S603 - our own
    ):
        while process.poll() is None:
            peak = max(peak, _high_water(process.pid))
            time.sleep(_LOOK_EVERY)
    if process.returncode:
        raise BenchFault(f"a push failed: {log.read_text(encoding='utf-8')[-300:]}")
    return peak / _KIB_IN_MIB


def _high_water(pid: int) -> int:
    try:
        rows = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(row.split()[1]) for row in rows if row.startswith("VmHWM:")), 0)


class _Taker(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        logs_in = "/auth/login/" in self.path
        body = json.dumps({"token": "bench"}).encode() if logs_in else b""
        self.send_response(200 if logs_in else 202)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name is the library's
        """Says nothing."""


@contextmanager
def _takes_everything() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Taker) as server:
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            serving.join()
