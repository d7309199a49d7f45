"""The whole system as real processes on this machine: pages, worker and the pretend Synerise, on free ports."""

import dataclasses
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from resign.db import Database
from resign.demo.system import prepare
from resign.links import Links
from resign.profile import Profile

_PATIENCE_SECONDS = 60.0
_numbers = count()


class Program:
    """One process with its children; what it prints goes to a file."""

    def __init__(self, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as said:
            self.process = subprocess.Popen(command, env=dict(environment), stdout=said, stderr=said)

    def end(self, seconds: float = _PATIENCE_SECONDS) -> int:
        """Asks as an operator would, and answers the exit status."""
        self.process.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise


class Running:
    """`wishes` are settings of its own. Whatever was started is ended by leaving `running`."""

    def __init__(self, folder: Path, wishes: Mapping[str, str]) -> None:
        self.folder = folder
        self.system = prepare(folder / "var", wishes, ports=(0, 0))
        self.settings = self.system.settings
        self.url = self.settings.base_url
        self.address = self.settings.bind
        self.database = Database(self.settings.database_url, connections=4)
        self.programs: list[Program] = []
        self._links = Links(self.settings.workspaces.values())

    def start(self, name: str, **changed: str) -> Program:
        """One of `sandbox`, `web`, `worker`; `changed` settings make it a second one beside the first."""
        child = next(child for child in self.system.children if child.name == name)
        log = self.folder / f"{name}-{next(_numbers)}.log"
        program = Program(list(child.command), {**child.environment, **changed}, log)
        self.programs.append(program)
        return program

    def another_web(self, **changed: str) -> tuple[Program, tuple[str, int]]:
        """A second web over the same database, and the address where it listens."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        program = self.start("web", RESIGN_BIND=f"127.0.0.1:{port}", **changed)
        self.until(lambda: _answers(f"http://127.0.0.1:{port}/healthz"), "the second web answers")
        return program, ("127.0.0.1", port)

    def ask_sandbox(self, method: str, path: str, body: object = None) -> Any:
        with httpx.Client(base_url=self.system.sandbox_url, trust_env=False, timeout=30) as sandbox:
            answer = sandbox.request(method, path, json=body, headers={"Accept": "application/json"})
            return answer.raise_for_status().json()

    def somebody(self, email: str | None = None) -> "Somebody":
        return Somebody(self, email or f"somebody{next(_numbers)}@example.com")

    def mint(self, profile: Profile) -> str:
        return self._links.mint("default", profile)

    def rows(self, sql: str, **values: object) -> list[Any]:
        with self.database.reading() as session:
            return list(session.execute(text(sql), values))

    def until(self, holds: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not holds():
            if time.monotonic() > deadline:
                said = "\n".join(program.log.read_text()[-2000:] for program in self.programs)
                raise TimeoutError(f"in vain we waited until {what}; the processes said:\n{said}")
            time.sleep(0.05)

    def close(self) -> None:
        for program in reversed(self.programs):
            with suppress(subprocess.TimeoutExpired):
                program.end()
        self.database.close()


@contextmanager
def running(folder: Path, *names: str, **wishes: str) -> Iterator[Running]:
    with closing(Running(folder, wishes)) as system:
        for name in names:
            system.start(name)
        if "web" in names:
            system.until(lambda: _answers(f"{system.url}/readyz"), "the pages answer")
        if "sandbox" in names:
            system.until(lambda: _answers(f"{system.system.sandbox_url}/sandbox/"), "the sandbox answers")
        yield system


@dataclasses.dataclass(frozen=True)
class Somebody:
    """A person with a link, unknown to Synerise until a test plants them there."""

    system: Running
    email: str

    @property
    def profile(self) -> Profile:
        return Profile("email", self.email)

    @property
    def token(self) -> str:
        return self.system.mint(self.profile)

    @property
    def path(self) -> str:
        return f"/u/{self.token}"

    def decisions(self) -> list[Any]:
        """choice, method and body of each, in order."""
        return self.system.rows(
            "SELECT choice, method, body FROM decisions WHERE identifier = :email ORDER BY seq",
            email=self.email,
        )

    def states(self) -> list[str]:
        return [message.state for message in self._messages()]

    def outcomes(self) -> list[str | None]:
        return [message.outcome for message in self._messages()]

    def is_planted(self) -> "Somebody":
        """Known to the pretend Synerise, agreeing, with the link as an attribute."""
        profile = {
            "email": self.email,
            "firstName": "Some",
            "agreements": {"email": True},
            "attributes": {"resign_token": self.token},
        }
        self.system.ask_sandbox("POST", "/sandbox/profiles", [profile])
        return self

    def _messages(self) -> list[Any]:
        return self.system.rows(
            "SELECT m.state, m.outcome FROM messages m JOIN decisions d ON d.seq = m.decision_seq"
            " WHERE d.identifier = :email ORDER BY d.seq",
            email=self.email,
        )


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False, timeout=10).is_success
    except httpx.TransportError:
        return False
