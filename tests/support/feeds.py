"""What the worker does for feeds, step by step until nothing is left to do."""

from collections.abc import Callable

import pytest

from resign.app import create_feeding, feeds_of
from resign.clock import Clock
from resign.db import Database
from resign.settings import Settings


@pytest.fixture
def runs(database: Database, settings: Settings, clock: Clock) -> Callable[[], None]:
    def run() -> None:
        for name, to in feeds_of(settings):
            feeding = create_feeding(settings, name, to, database, clock)
            while feeding.step():
                pass
            feeding.close()

    return run
