"""Brings a database to the newest schema, or back; Alembic with the configuration in code, so no file to lose."""

from alembic import command, util
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

from resign import paths
from resign.db.engine import Database


class SchemaTrouble(Exception):
    """The schema cannot be brought to this release's; the message is a sentence for the operator."""


def upgrade(database: Database, revision: str = "head") -> None:
    try:
        command.upgrade(_config(database), revision)
    except util.CommandError:
        raise SchemaTrouble(
            "the database has the schema of another release; start that release, or restore a backup of this one"
        ) from None
    except OperationalError:
        raise SchemaTrouble(
            "the database does not answer; check RESIGN_DATABASE_URL and that the server runs"
        ) from None


def downgrade(database: Database, revision: str) -> None:
    command.downgrade(_config(database), revision)


def is_current(database: Database) -> bool:
    """Whether the schema is the one this code was written for."""
    with database.reading() as session:
        found = MigrationContext.configure(session.connection()).get_current_revision()
    return found == ScriptDirectory.from_config(_config(database)).get_current_head()


def _config(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(paths.migrations()))
    config.attributes["database"] = database
    return config
