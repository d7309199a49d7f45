"""The operators' views over both databases, a way to another database, and people whose names must not get out."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from werkzeug.test import Client

from resign.app import web_application
from resign.db import Database
from resign.outbox.worker import Worker
from resign.settings import Settings
from tests.support.clock import StandingClock
from tests.support.destination import ScriptedDestination
from tests.support.person import Person


@pytest.fixture
def client(settings: Settings, clock: StandingClock, database: Database) -> Client:
    return Client(web_application(settings, clock, database), use_cookies=False)


@pytest.fixture
def anna(client: Client, settings: Settings, clock: StandingClock, database: Database) -> Person:
    return Person(client, settings, clock, database)


@pytest.fixture
def client_of(settings: Settings, clock: StandingClock):
    """The views of the same installation with other settings, or over another database."""
    opened: list[Database] = []

    def make(url: str | None = None, **changes) -> Client:
        opened.append(Database(url or settings.database_url, connections=1))
        return Client(web_application(replace(settings, **changes), clock, opened[-1]), use_cookies=False)

    yield make
    for each in opened:
        each.close()


@pytest.fixture
def drained(database: Database, settings: Settings, clock: StandingClock) -> Callable[..., None]:
    """Lets a worker do all that is due now, against a destination that says what the script says."""

    def drain(**script) -> None:
        worker = Worker(database, settings.workspaces, {"default": [ScriptedDestination(**script)]}, clock)
        worker.drain()
        worker.finish()

    return drain


@pytest.fixture(
    params=["postgresql://127.0.0.1:9/resign", "sqlite:///{folder}"], ids=["postgresql", "sqlite"]
)
def url_of_nothing(request, tmp_path) -> str:
    """A server that is not there, and a file that is none."""
    return request.param.format(folder=tmp_path)
