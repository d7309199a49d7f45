from collections.abc import Callable
from pathlib import Path

import pytest
from werkzeug.test import Client

from resign.app import web_application
from resign.db import Database
from resign.settings import Settings, load
from tests.support.clock import StandingClock
from tests.support.person import Person
from tests.support.variables import VARIABLES

AGREEMENTS = """
[wine]
attribute = "agreeToAlcoholAds"
title = { en = "Wine and beer", pl = "Wino i piwo" }
help = { en = "Communications that feature alcohol" }
[post]
attribute = "letters"
on = "enabled"
off = "disabled"
title = { en = "Letters by post" }
"""
# Nobody listens there, so that a look at a profile fails at once.
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def client(settings: Settings, clock: StandingClock, database: Database) -> Client:
    """A browser without cookies, straight at the WSGI application."""
    return Client(web_application(settings, clock, database), use_cookies=False)


@pytest.fixture
def anna(client: Client, settings: Settings, clock: StandingClock, database: Database) -> Person:
    return Person(client, settings, clock, database)


@pytest.fixture
def somebody(tmp_path: Path, clock: StandingClock, database: Database) -> Callable[..., Person]:
    """Anna where a workspace has two agreements of its own, breaks and reasons; `changed` settings on top."""

    def of(**changed: str) -> Person:
        settings = load(
            {
                **VARIABLES,
                "RESIGN_DATA_DIR": str(tmp_path),
                "RESIGN_SYNERISE_URL": NOWHERE,
                "RESIGN_AGREEMENTS": AGREEMENTS,
                "RESIGN_PAUSES": "1,3",
                **changed,
            }
        )
        client = Client(web_application(settings, clock, database), use_cookies=False)
        return Person(client, settings, clock, database)

    return of
