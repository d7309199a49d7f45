"""A person who pressed on a real page, so that it can be shown again."""

import pytest
from werkzeug.test import Client

from resign.app import web_application
from tests.support.person import Person


@pytest.fixture
def anna(settings, clock, database) -> Person:
    client = Client(web_application(settings, clock, database), use_cookies=False)
    return Person(client, settings, clock, database)
