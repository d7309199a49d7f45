"""A ledger with people in it, somebody who asks for files of it, and the worker's chores that write them."""

from collections.abc import Callable

import pytest

from resign.db import Database
from resign.exports import shelf
from resign.exports.asking import Asked, put_down
from resign.exports.exporter import Exporter
from resign.exports.tables import Export
from resign.staff.roles import Staff
from tests.search.conftest import decided, digest_key, indexer, tell
from tests.support.clock import StandingClock
from tests.support.decisions import DIGEST_KEY

__all__ = ["decided", "digest_key", "indexer", "tell"]

KEYS = {"default": DIGEST_KEY}
SHE = Staff(id=7, name="mia", grants={"default": frozenset({"support"})})
SOMEBODY_ELSE = Staff(id=8, name="leo", grants={"default": frozenset({"support"})})


@pytest.fixture
def ask(database: Database, clock: StandingClock) -> Callable[..., int]:
    """Puts an export down, and gives its number."""

    def ask_for(text: str = "", by: Staff = SHE, **more) -> int:
        with database.writing() as session:
            export = put_down(session, by, Asked(text, **more), ["default"], clock.now())
            session.commit()
            return export.id

    return ask_for


@pytest.fixture
def exporter(database: Database, clock: StandingClock) -> Exporter:
    return Exporter(database, KEYS, clock, rows=2)


@pytest.fixture
def export_of(database: Database) -> Callable[[int], Export | None]:
    def look(number: int) -> Export | None:
        with database.reading() as session:
            return session.get(Export, number)

    return look


@pytest.fixture
def file_of(database: Database, export_of) -> Callable[[int], str]:
    """What somebody would download."""
    return lambda number: b"".join(shelf.content(database, export_of(number))).decode()


def finish(chore) -> None:
    while chore.step():
        pass
