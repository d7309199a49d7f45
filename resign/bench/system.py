"""Our own processes as an operator runs them: web, worker and the sandbox, on one of the engines."""

import json
import secrets
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from resign.bench.engines import Engine
from resign.bench.processes import free_port, running
from resign.db import Database
from resign.links import Links
from resign.profile import Profile
from resign.settings import Settings, load
from resign.settings.surroundings import surroundings_without_settings
from resign.telemetry.sharing import environment_for_sharing

_API_KEY = "5a3d5b0e-0000-4000-8000-be9c4be9c4be"


@dataclass(frozen=True, slots=True)
class System:
    """One installation on one engine, none of its processes started yet."""

    engine: Engine
    folder: Path
    variables: Mapping[str, str]
    settings: Settings

    @property
    def address(self) -> str:
        return self.settings.base_url

    @property
    def sandbox(self) -> str:
        return self.variables["RESIGN_SYNERISE_URL"]

    @property
    def workspace(self) -> str:
        return next(iter(self.settings.workspaces))

    @property
    def digest_key(self) -> bytes:
        return self.settings.workspaces[self.workspace].digest_key.encode()

    def paths(self, first: int, count: int) -> list[str]:
        """The links of so many people, each another one."""
        links = Links(self.settings.workspaces.values())
        return [
            f"/u/{links.mint(self.workspace, Profile('email', person(number)))}"
            for number in range(first, first + count)
        ]

    @contextmanager
    def database(self) -> Iterator[Database]:
        database = Database(self.engine.url, connections=2)
        try:
            yield database
        finally:
            database.close()

    @contextmanager
    def running_web(self) -> Iterator["subprocess.Popen[bytes]"]:
        with self._running("web", answers_at=f"{self.address}/healthz") as process:
            yield process

    @contextmanager
    def running_worker(self) -> Iterator["subprocess.Popen[bytes]"]:
        with self._running("worker") as process:
            yield process

    @contextmanager
    def running_sandbox(self, *, answer_after: float) -> Iterator["subprocess.Popen[bytes]"]:
        bind = self.sandbox.removeprefix("http://")
        told = {"api_key": _API_KEY, "answer_after": answer_after, "base_url": self.address}
        with self._running(
            "sandbox",
            "--bind",
            bind,
            answers_at=f"{self.sandbox}/sandbox/key",
            SANDBOX_SETTINGS=json.dumps(told),
        ) as process:
            yield process

    @contextmanager
    def _running(
        self, *command: str, answers_at: str | None = None, **more: str
    ) -> Iterator["subprocess.Popen[bytes]"]:
        # As `resign serve` has it: counters shared between processes, which costs more than counters in one.
        shared = {"PROMETHEUS_MULTIPROC_DIR": str(self.folder / "metrics")}
        environment = {**surroundings_without_settings(), **self.variables, **shared, **more}
        log = self.folder / f"{command[0]}.log"
        with running(["resign", *command], environment, log, answers_at=answers_at) as process:
            yield process


def person(number: int) -> str:
    return f"person{number:08d}@example.com"


def install(engine: Engine, folder: Path) -> System:
    """An installation with settings and addresses of its own; `folder` is made for it."""
    folder.mkdir(parents=True)
    environment_for_sharing(folder / "metrics")
    bind = f"127.0.0.1:{free_port()}"
    variables = {
        "RESIGN_DATA_DIR": str(folder),
        "RESIGN_DATABASE_URL": engine.url,
        "RESIGN_BASE_URL": f"http://{bind}",
        "RESIGN_BIND": bind,
        "RESIGN_KEYS": f"bench:{secrets.token_hex(32)}",
        "RESIGN_DIGEST_KEY": secrets.token_hex(32),
        "RESIGN_SENDER": "Fjord & Fern",
        "RESIGN_CONTACT": "hello@fjordandfern.example",
        "RESIGN_SYNERISE_URL": f"http://127.0.0.1:{free_port()}",
        "RESIGN_SYNERISE_API_KEY": _API_KEY,
        "RESIGN_SYNERISE_WEBHOOK_TOKEN": secrets.token_hex(32),
    }
    return System(engine, folder, variables, load(variables))
