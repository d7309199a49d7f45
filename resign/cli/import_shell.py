"""What the `resign import` commands share: the database, the files, whoever sits at the shell, and waiting with a bar."""

import getpass
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn
from uuid import UUID

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from resign.app import open_database
from resign.clock import SystemClock
from resign.db import Database
from resign.imports import batches
from resign.imports.running import Importer
from resign.imports.shelf import Shelf
from resign.imports.tables import ImportBatch, State
from resign.settings import Settings, load_from_environment
from resign.staff.roles import Staff
from resign.telemetry import logs

_LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Shell:
    settings: Settings
    database: Database
    shelf: Shelf
    by: Staff

    def one(self, number: UUID) -> ImportBatch:
        """Ends the command where there is none."""
        with self.database.reading() as session:
            batch = batches.one(session, number, tuple(self.settings.workspaces))
        return batch if batch is not None else end(f"there is no import {number}")

    def order(self, what: Callable[..., ImportBatch], number: UUID, **more: Any) -> ImportBatch:  # noqa: ANN401 - the order's own
        """Committed. Ends the command where the import's state does not allow it."""
        self.one(number)
        try:
            with self.database.writing() as session:
                batch = what(session, self.by, number, SystemClock().now(), **more)
                session.commit()
        except batches.NotNow as why:
            end(str(why))
        return batch

    def wait(self, number: UUID, while_in: Sequence[State], saying: str) -> ImportBatch:
        """Works on it here, or looks on while a worker does, until it is in another state.

        Interrupted, a run is paused.
        """
        importer = Importer(self.database, self.settings.workspaces, self.shelf, SystemClock(), only=number)
        batch = self.one(number)
        try:
            with _bar() as bar:
                task = bar.add_task(saying, total=batches.expected_rows(batch))
                looked = 0.0
                while batch.state in while_in:
                    if not importer.step():
                        time.sleep(_LOOK_SECONDS)
                    if time.monotonic() - looked >= _LOOK_SECONDS:
                        batch, looked = self.one(number), time.monotonic()
                        bar.update(task, completed=batch.reached)
        except KeyboardInterrupt:
            if "running" in while_in:
                self.order(batches.pause, number)
                click.echo(f"Paused; `resign import resume {number}` goes on.", err=True)
            raise
        finally:
            importer.close()
        return batch


@contextmanager
def shell() -> Iterator[Shell]:
    settings = load_from_environment()
    logs.set_up()
    database = open_database(settings, connections=2)
    try:
        name = f"{getpass.getuser()} (command line)"[:64]
        yield Shell(settings, database, Shelf(settings.data_dir), Staff(id=0, name=name, grants={}))
    finally:
        database.close()


def _bar() -> Progress:
    """To standard error, and only where somebody looks."""
    return Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True,
    )  # fmt: skip


def end(why: str) -> NoReturn:
    click.echo(f"{why[:1].upper()}{why[1:]}{'' if why.endswith('.') else '.'}", err=True)
    sys.exit(1)
