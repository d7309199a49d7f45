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
def flask_app(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """What stands behind the doors; its database is never asked anything."""
    made: list[Flask] = []

    class Kept(Flask):
        def __init__(self, *given, **more):
            super().__init__(*given, **more)
            made.append(self)

    monkeypatch.setattr("resign.app.Flask", Kept)
    web_application(settings)
    [app] = made
    return app
