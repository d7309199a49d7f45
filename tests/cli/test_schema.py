"""`resign db upgrade` may be repeated; nothing starts on a schema that this release was not written for."""

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from resign import paths
from resign.db import Database
from resign.db.migrate import upgrade

REMEDY = "resign cannot start: the database has another schema; run `resign db upgrade`\n"


def head() -> str | None:
    config = Config()
    config.set_main_option("script_location", str(paths.migrations()))
    return ScriptDirectory.from_config(config).get_current_head()


@pytest.fixture
def later_release(settings) -> None:
    """A database that a newer release has been at."""
    database = Database(settings.database_url, connections=1)
    upgrade(database)
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        session.commit()
    database.close()


def test_an_upgrade_may_be_repeated(resign, schema):
    for _ in range(2):
        finished = resign("db", "upgrade")
        assert (finished.returncode, finished.stdout) == (0, "The schema is current.\n")
    assert schema() == head()


def test_without_a_schema_the_worker_does_not_start_and_says_the_remedy(resign):
    finished = resign("worker")
    assert (finished.returncode, finished.stderr) == (2, REMEDY)


def test_on_the_schema_of_another_release_the_pages_do_not_start(resign, later_release, schema):
    finished = resign("web")
    assert (finished.returncode, finished.stderr) == (2, REMEDY)
    assert schema() == "9999"


@pytest.mark.parametrize("command", [["serve"], ["db", "upgrade"]])
def test_a_schema_of_a_later_release_is_left_alone_and_said_in_a_sentence(
    resign, later_release, schema, command
):
    """After a rollback of the program: there is nothing to upgrade to, and nobody is helped by a traceback."""
    finished = resign(*command)
    assert finished.returncode == 2
    assert "schema" in finished.stderr
    assert schema() == "9999"


def test_an_upgrade_of_a_database_that_is_away_is_said_in_a_sentence(resign):
    finished = resign("db", "upgrade", RESIGN_DATABASE_URL="postgresql://u:canary-secret@127.0.0.1:9/resign")
    assert finished.returncode != 0
    assert "database" in finished.stderr
    assert "canary" not in finished.stderr
