"""A workspace with a ledger, files that other systems bring, and whoever takes them in."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from resign.db import Database
from resign.imports import batches
from resign.imports.batches import Asked
from resign.imports.mapping import RowMapping
from resign.imports.reading import recognise
from resign.imports.running import Importer
from resign.imports.shelf import Shelf
from resign.imports.tables import ImportBatch, ImportRow
from resign.ledger.tables import Decision
from resign.settings import Settings, load
from resign.staff.roles import Staff
from tests.support.clock import StandingClock
from tests.support.variables import VARIABLES

MIA = Staff(id=7, name="mia", grants={"default": frozenset({"operator"})})
WINE = 'wine = { attribute = "wine", title = { en = "Wine" } }'
OPT_OUTS = {"identifiers": {"email": "email"}}
BY_COLUMN = {
    "identifiers": {"email": "email"},
    "choice": {"column": "choice"},
    "when": {"column": "when"},
    "evidence": {"columns": ["evidence"]},
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load({**VARIABLES, "RESIGN_DATA_DIR": str(tmp_path / "data"), "RESIGN_AGREEMENTS": WINE})


@pytest.fixture
def shelf(settings: Settings) -> Shelf:
    return Shelf(settings.data_dir)


@pytest.fixture
def importer(database: Database, settings: Settings, shelf: Shelf, clock: StandingClock) -> Importer:
    return Importer(database, settings.workspaces, shelf, clock, breath=0)


@pytest.fixture
def begin(database: Database, shelf: Shelf, clock: StandingClock) -> Callable[..., UUID]:
    """Puts a file down, and gives the import's id."""

    def begin_it(
        text: str, mapping: Mapping[str, Any] = OPT_OUTS, name: str = "list.csv", origin: str | None = "crm"
    ) -> UUID:
        kept = shelf.keep(name, io.BytesIO(text.encode()))
        asked = Asked("default", recognise(kept.path), RowMapping.of(mapping), origin)
        with database.writing() as session:
            batch = batches.begin(session, MIA, kept, asked, clock.now())
            session.commit()
        return batch.id

    return begin_it


@pytest.fixture
def order(database: Database, clock: StandingClock) -> Callable[..., ImportBatch]:
    """One of the orders of `batches`, committed."""

    def order_it(what: Callable[..., ImportBatch], number: UUID, **more: Any) -> ImportBatch:
        with database.writing() as session:
            batch = what(session, MIA, number, clock.now(), **more)
            session.commit()
        return batch

    return order_it


@pytest.fixture
def batch_of(database: Database) -> Callable[[UUID], ImportBatch]:
    def look(number: UUID) -> ImportBatch:
        with database.reading() as session:
            return session.get_one(ImportBatch, number)

    return look


@pytest.fixture
def imported(begin, order, importer) -> Callable[..., UUID]:
    """Checked and taken in to its end."""

    def take_in(text: str, mapping: Mapping[str, Any] = OPT_OUTS, **more: Any) -> UUID:
        number = begin(text, mapping, **more)
        finish(importer)
        order(batches.run, number)
        finish(importer)
        return number

    return take_in


@pytest.fixture
def verdicts(database: Database) -> Callable[[UUID], list[str]]:
    """What became of each row, in the order of the file."""

    def look(number: UUID) -> list[str]:
        with database.reading() as session:
            query = select(ImportRow.verdict).where(ImportRow.batch == number)
            return list(session.scalars(query.order_by(ImportRow.number, ImportRow.part)))

    return look


@pytest.fixture
def decisions(database: Database) -> Callable[..., list[tuple[Any, ...]]]:
    """Every decision, in their order, by some of its columns."""

    def look(*columns: str) -> list[tuple[Any, ...]]:
        wanted = [getattr(Decision, name) for name in columns or ("identifier", "agreement", "choice")]
        with database.reading() as session:
            return [tuple(row) for row in session.execute(select(*wanted).order_by(Decision.seq))]

    return look


def finish(importer: Importer) -> None:
    while importer.step():
        pass
