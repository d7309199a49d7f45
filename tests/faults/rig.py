"""The whole system as real processes on a disk of its own, with every string that a fault may pull."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from resign.db import Database
from resign.telemetry.sharing import environment_for_sharing
from tests.faults import broken
from tests.faults.answering import until_it_answers
from tests.faults.assembly import assemble
from tests.faults.disk import Disk, NotPermitted
from tests.faults.postgres import Postgres
from tests.faults.process import Process
from tests.faults.quota import Quota

_MEGABYTES = {"sqlite": 96, "postgresql": 384}


class Rig:
    """`engine` is `sqlite` or `postgresql`. Leaving it ends every process that it started."""

    def __init__(self, engine: str) -> None:
        self.engine = engine
        self._place = Path(tempfile.mkdtemp(prefix="resign-faults-"))
        # PostgreSQL runs as somebody else there, and has to get through to its own folder.
        self._place.chmod(0o711)
        self.log = self._place / "processes.log"
        self.disk: Disk | None = None
        self.postgres: Postgres | None = None
        self._processes: list[Process] = []
        self._variant: str | None = None
        try:
            self._build()
        except BaseException:
            self.close()
            raise

    def _build(self) -> None:
        with suppress(NotPermitted):
            self.disk = Disk(self._place, _MEGABYTES[self.engine])
        folder = self.disk.folder if self.disk else self._place
        own: dict[str, str] = {}
        if self.engine == "postgresql":
            self.postgres = Postgres(folder / "postgres", self.log)
            self.postgres.start()
            own["RESIGN_DATABASE_URL"] = self.postgres.url
        self._data = folder / "var"
        self.system, commands = assemble(self._data, self.engine, own)
        self.sandbox, self.web, self.worker = self._processes = [
            Process(commands[name].command, self.log, environment=commands[name].environment)
            for name in ("sandbox", "web", "worker")
        ]
        self._sound = {name: list(commands[name].command) for name in ("web", "worker")}
        self.quota = Quota(self.web, self.worker)
        self.start()

    def start(self) -> None:
        """Starts what does not run, and waits until it answers."""
        if self.postgres is not None:
            self.postgres.start()
        for process in self._processes:
            process.start()
        until_it_answers(f"{self.system.sandbox_url}/sandbox/", self.log)
        until_it_answers(f"{self.system.settings.base_url}/healthz", self.log)

    @property
    def fallen(self) -> int:
        """How often a process of resign ended by itself, instead of waiting for better times."""
        return sum(process.fell + process.lies for process in self._processes)

    def become(self, variant: str | None) -> None:
        """Starts web and worker anew as a broken variant, or sound again. Does nothing where they are that."""
        if variant == self._variant:
            return
        self._variant = variant
        for name, process in (("web", self.web), ("worker", self.worker)):
            process.kill()
            process.command = broken.command(variant, name) if variant else self._sound[name]
        self.start()

    def cut_power(self, seconds: float) -> None:
        """The disk is gone at once, the processes that stood on it a moment later; the disk comes back first."""
        if self.disk is None:
            raise NotPermitted
        self.disk.cut()
        time.sleep(seconds)
        self.web.kill()
        self.worker.kill()
        if self.postgres is not None:
            self.postgres.process.kill()
        self.disk.power_up()
        environment_for_sharing(self._data / "metrics")

    def fill_disk(self) -> None:
        """SQLite's log first gives back the room that it has from earlier, or it could go on in there for long."""
        if self.postgres is None:
            with self.database() as database, database.engine.connect() as connection:
                connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if self.disk is not None:
            self.disk.fill()
        else:
            self.quota.set()

    def free_disk(self) -> None:
        if self.disk is not None:
            self.disk.free()
        else:
            self.quota.lift()

    def script(self, fault: dict[str, object]) -> None:
        """A fault of the pretend Synerise; `mend` ends them all."""
        with self._sandbox() as sandbox:
            sandbox.post("/sandbox/faults", json=fault).raise_for_status()

    def mend(self) -> None:
        with self._sandbox() as sandbox:
            sandbox.delete("/sandbox/faults").raise_for_status()

    @contextmanager
    def database(self) -> Iterator[Database]:
        opened = Database(self.system.settings.database_url, connections=1)
        try:
            yield opened
        finally:
            opened.close()

    def close(self) -> None:
        """Nothing here is worth a graceful end."""
        for process in reversed(self._processes):
            process.kill()
        if self.postgres is not None:
            self.postgres.end()
        if self.disk is not None:
            self.disk.remove()
        shutil.rmtree(self._place)

    def _sandbox(self) -> httpx.Client:
        return httpx.Client(base_url=self.system.sandbox_url, trust_env=False, timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
