import pytest

from resign.db import Database
from resign.outbox.worker import Worker
from resign.settings import Settings
from tests.support.clock import StandingClock
from tests.support.destination import ScriptedDestination


@pytest.fixture
def make_worker(database: Database, settings: Settings, clock: StandingClock):
    """Workers over the test's database; whatever is made is ended with the test."""
    made: list[Worker] = []

    def make(*destinations: ScriptedDestination, deliveries: int = 4) -> Worker:
        worker = Worker(
            database, settings.workspaces, {"default": destinations}, clock, deliveries=deliveries
        )
        made.append(worker)
        return worker

    yield make
    for worker in made:
        worker.finish()
