"""A comparison with profiles that say what a test wants, after what was decided has been told and confirmed."""

from datetime import time

import pytest

from resign.outbox.contract import Confirmed, Differs
from resign.reconcile.reconciler import Reconciler, runs
from tests.outbox.conftest import make_worker
from tests.support.decisions import record
from tests.support.destination import ScriptedDestination

__all__ = ["make_worker"]


class Profiles:
    """What Synerise says of each, and how often it was asked. `shows` is the choice that a profile shows."""

    def __init__(self):
        self.says = {}
        self.shows = {}
        self.asked = []

    def read_back(self, message):
        self.asked.append(message.profile)
        if message.profile in self.shows:
            return self._compared(message, self.shows[message.profile])
        return self.says.get(message.profile, Confirmed())

    @staticmethod
    def _compared(message, shown):
        return Confirmed() if shown == message.choice else Differs(f"the profile says {shown}")


@pytest.fixture
def there():
    return Profiles()


@pytest.fixture
def make(database, settings, clock, there):
    made = []

    def reconciler(*, at=time(3, 0), budget=1000):
        made.append(
            Reconciler(
                database, settings.workspaces, {"default": there.read_back}, clock, at=at, budget=budget
            )
        )
        return made[-1]

    yield reconciler
    for each in made:
        each.close()


@pytest.fixture
def settle(database, clock, make_worker):
    """What was decided is fanned out, told and confirmed."""
    worker = make_worker(ScriptedDestination())

    def settled(*decisions):
        record(database, *decisions)
        worker.drain()
        clock.advance(seconds=2)
        worker.drain()

    return settled


@pytest.fixture
def newest_run(database):
    def newest():
        with database.reading() as session:
            return runs(session)[0]

    return newest


@pytest.fixture
def finish():
    def finished(reconciler):
        while reconciler.step():
            pass

    return finished
