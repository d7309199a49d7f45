import pytest
from werkzeug.test import Client

from resign.app import web_application
from resign.db import Database
from resign.settings import Settings
from tests.support.clock import StandingClock
from tests.support.person import Person


@pytest.fixture
def client(settings: Settings, clock: StandingClock, database: Database) -> Client:
    """A browser without cookies, straight at the WSGI application."""
    return Client(web_application(settings, clock, database), use_cookies=False)


@pytest.fixture
def anna(client: Client, settings: Settings, clock: StandingClock, database: Database) -> Person:
    return Person(client, settings, clock, database)
