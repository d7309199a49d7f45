import pytest
from flask import Flask

from resign.app import web_application
from resign.db import Database
from resign.settings import Settings
from tests.support.clock import StandingClock


@pytest.fixture
def application(settings: Settings, clock: StandingClock, database: Database):
    return web_application(settings, clock, database)


@pytest.fixture
def flask_app(settings: Settings) -> Flask:
    """What stands behind the mail client's door; its database is never asked anything."""
    return web_application(settings)._behind.__self__
