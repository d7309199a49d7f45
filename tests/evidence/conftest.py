import pytest
from werkzeug.test import Client

from resign.app import web_application
from resign.db import Database
from resign.settings import Settings, load
from tests.support.clock import StandingClock
from tests.support.person import Person
from tests.support.variables import VARIABLES

AGREEMENTS = (
    '[wine]\nattribute = "agreeToAlcoholAds"\ntitle = { de = "Wein und Bier", en = "Wine and beer" }\n'
)


@pytest.fixture
def settings(tmp_path) -> Settings:
    more = {
        "RESIGN_AGREEMENTS": AGREEMENTS,
        "RESIGN_PAUSES": "1,3",
        "RESIGN_SYNERISE_URL": "http://127.0.0.1:9",
    }
    return load({**VARIABLES, "RESIGN_DATA_DIR": str(tmp_path), **more})


@pytest.fixture
def client(settings: Settings, clock: StandingClock, database: Database) -> Client:
    return Client(web_application(settings, clock, database), use_cookies=False)


@pytest.fixture
def anna(client: Client, settings: Settings, clock: StandingClock, database: Database) -> Person:
    return Person(client, settings, clock, database)
