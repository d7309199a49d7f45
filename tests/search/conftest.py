"""A ledger with people in it, told and indexed as the worker does it, and a search box in front of it."""

from collections.abc import Callable, Iterator

import pytest

from resign.db import Database
from resign.ids import reference
from resign.outbox.worker import Worker
from resign.search.find import Found, search
from resign.search.indexer import Indexer
from resign.settings import Settings
from tests.support.clock import StandingClock
from tests.support.decisions import DIGEST_KEY, decision, record
from tests.support.destination import ScriptedDestination

Finder = Callable[..., Found]


@pytest.fixture
def digest_key() -> Callable[[str], bytes]:
    return lambda _: DIGEST_KEY


@pytest.fixture
def indexer(database: Database, clock: StandingClock) -> Indexer:
    return Indexer(database, clock)


@pytest.fixture
def decided(database: Database, clock: StandingClock, indexer: Indexer) -> Callable[..., str]:
    """Somebody decides something, a second after the last, and the index hears of it; gives the reference."""

    def decide_and_index(profile, *, indexed: bool = True, **more) -> str:
        clock.advance(seconds=1)
        made = decision(clock, profile, **more)
        record(database, made)
        if indexed:
            settle(indexer)
        return reference(made.id)

    return decide_and_index


def settle(indexer: Indexer) -> None:
    while indexer.step():
        pass


@pytest.fixture
def find(database: Database, digest_key) -> Finder:
    def look(text, workspaces=("default",), **more) -> Found:
        with database.reading() as session:
            return search(session, text, workspaces, digest_key, **more)

    return look


@pytest.fixture
def tell(database: Database, settings: Settings, clock: StandingClock) -> Iterator[Callable[..., None]]:
    """Lets the worker tell what is owed, and read it back."""

    def run(tell=None, look=None, *, seconds: float = 1) -> None:
        destination = ScriptedDestination(tell, look)
        worker = Worker(database, settings.workspaces, {"default": [destination]}, clock, deliveries=2)
        worker.drain()
        clock.advance(seconds=seconds)
        worker.drain()
        worker.finish()

    return run
