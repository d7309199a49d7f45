"""The API of two workspaces, and keys for it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from werkzeug.serving import make_server
from werkzeug.test import Client, TestResponse

from resign.api_keys import keys
from resign.api_keys.scopes import SCOPES
from resign.app import web_application
from resign.db import Database
from resign.settings import Settings, load
from resign.staff.roles import EVERYWHERE, ROLES, Staff
from tests.support.clock import StandingClock
from tests.support.serving import start as start_serving
from tests.support.variables import VARIABLES

SHELL = Staff(id=0, name="root (shell)", grants={EVERYWHERE: frozenset(ROLES)})
HERE, ELSEWHERE = "shop", "garden"
ADDRESS = "anna@example.com"
OUT = {"profile": {"email": ADDRESS}, "choice": "opt-out"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    tables = "\n".join(
        f'[workspaces.{name}]\nkeys = "{name}:secret-of-the-tests-{name}"\ndigest_key = "digest-secret-of-the-tests"\n'
        f'sender = "{name}"\ncontact = "hello@{name}.example"\n'
        f'synerise_api_key = "{VARIABLES["RESIGN_SYNERISE_API_KEY"]}"\n'
        f'[workspaces.{name}.agreements.wine]\nattribute = "wine"\ntitle = {{ en = "Wine" }}\n'
        for name in (HERE, ELSEWHERE)
    )
    file = tmp_path / "resign.toml"
    file.write_text(tables)
    return load({"RESIGN_CONFIG": str(file), "RESIGN_DATA_DIR": str(tmp_path)})


@pytest.fixture
def application(settings: Settings, clock: StandingClock, database: Database):
    return web_application(settings, clock, database)


@pytest.fixture
def new_key(database: Database, clock: StandingClock) -> Callable[..., str]:
    """The text of a key that may do everything, or what is named."""

    def made(
        *scopes: str, workspace: str = HERE, origin: str | None = "crm", lasts: timedelta | None = None
    ) -> str:
        ends: datetime | None = clock.now() + lasts if lasts else None
        with database.writing() as session:
            found = keys.add(
                session, "nightly", workspace, scopes or SCOPES, clock.now(), SHELL, origin=origin, expires_at=ends
            )  # fmt: skip
            session.commit()
        return found.text

    return made


class Caller:
    """Another system with its key."""

    def __init__(self, application: Any, key: str) -> None:
        self.client, self.key = Client(application, use_cookies=False), key

    def asks(self, method: str, path: str, json: Any = None, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.key}", **more.pop("headers", {})}
        return self.client.open(f"/api/v1{path}", method=method, json=json, headers=headers, **more)

    def gets(self, path: str, **more: Any) -> TestResponse:
        return self.asks("GET", path, **more)

    def posts(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        return self.asks("POST", path, json, **more)

    def writes(self, again: str | None = None, **changed: Any) -> TestResponse:
        headers = {"Idempotency-Key": again} if again is not None else {}
        return self.posts("/decisions", {**OUT, **changed}, headers=headers)


@pytest.fixture
def crm(application, new_key) -> Caller:
    return Caller(application, new_key())


@pytest.fixture
def caller(application) -> Callable[[str], Caller]:
    return lambda key: Caller(application, key)


@pytest.fixture
def serve_for_real(
    settings: Settings, database: Database, tmp_path: Path
) -> Iterator[Callable[[], tuple[str, int]]]:
    """The product's own server as a process, over this test's database; ended with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def serve() -> tuple[str, int]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("RESIGN_")},
            "RESIGN_CONFIG": str(tmp_path / "resign.toml"),
            "RESIGN_DATA_DIR": str(tmp_path),
            "RESIGN_DATABASE_URL": database.url.render_as_string(hide_password=False),
            "RESIGN_BIND": f"127.0.0.1:{port}",
            "RESIGN_BASE_URL": f"http://127.0.0.1:{port}",
            "RESIGN_WEB_WORKERS": "1",
        }
        started.append(subprocess.Popen([sys.executable, "-m", "resign", "web"], env=environment))
        deadline = time.monotonic() + 240
        while time.monotonic() < deadline:
            try:
                httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False, timeout=10)
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return "127.0.0.1", port
        raise TimeoutError("the server did not start")

    yield serve
    for each in started:
        each.terminate()
        each.wait(120)


@pytest.fixture
def served(application) -> Iterator[str]:
    """The application behind a real socket, in a thread of this process: its address."""
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = start_serving(server)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
