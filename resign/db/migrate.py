"""Brings a database to the newest schema, or back; Alembic with the configuration in code, so no file to lose."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from resign import paths
from resign.db.engine import Database


def upgrade(database: Database, revision: str = "head") -> None:
    command.upgrade(_config(database), revision)


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
