"""An outbox with something in it, for the deliveries' pages."""

from collections.abc import Callable

import pytest

from resign.outbox.contract import Refused
from resign.outbox.worker import Worker
from resign.profile import Profile
from tests.support.decisions import decision, record
from tests.support.destination import ScriptedDestination

BOARD = "/console/deliveries"
LETTERS = "/console/deliveries/dead"


@pytest.fixture
def drained(database, settings, clock) -> Callable[..., ScriptedDestination]:
    """Lets a worker do all that is due now, against a destination that says what the script says."""

    def drain(**script) -> ScriptedDestination:
        destination = ScriptedDestination(**script)
        worker = Worker(database, settings.workspaces, {"default": [destination]}, clock)
        worker.drain()
        worker.finish()
        return destination

    return drain


@pytest.fixture
def refused(database, clock, drained):
    """So many people's opt-outs, each refused for good."""

    def refuse(count: int, reason: str = "400 email", **more) -> list[Profile]:
        people = [Profile("email", f"{reason[0]}{number}@example.com") for number in range(count)]
        record(database, *(decision(clock, person, **more) for person in people))
        drained(tell=lambda _: Refused(reason))
        return people

    return refuse
