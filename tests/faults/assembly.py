"""Settings and commands of a whole system: the demo's, on the database that was asked for and on no other."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from resign.db import Database
from resign.db.migrate import upgrade
from resign.demo.system import System, prepare
from resign.settings import load
from resign.supervise import Child
from tests.faults.disk import let_go_of

_WISHES = {"RESIGN_WEB_WORKERS": "2", "RESIGN_WEB_THREADS": "8"}


class AnotherEngine(Exception):
    """The system would run on another database than the one whose faults are to be seen."""


def assemble(folder: Path, engine: str, own: Mapping[str, str]) -> tuple[System, dict[str, Child]]:
    """The system and its children by name. `own` are variables that the demo would not hear.

    The settings are read from the very variables that the processes get: were they to differ, a round could
    count in a database that nobody writes to, or break one that nobody uses.
    """
    system = prepare(folder, _WISHES, ports=(0, 0))
    children = {
        child.name: dataclasses.replace(child, environment={**child.environment, **own})
        for child in system.children
    }
    settings = load(children["web"].environment)
    database = Database(settings.database_url, connections=1)
    try:
        found = database.url.get_backend_name()
        if found != engine:
            raise AnotherEngine(f"asked for {engine}, and the settings say {found}")
        upgrade(database)
    finally:
        database.close()
    let_go_of(folder)
    return dataclasses.replace(system, settings=settings), children
