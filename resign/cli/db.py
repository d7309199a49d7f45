"""`resign db`: the schema."""

import click

from resign.app import open_database
from resign.db.migrate import upgrade as upgrade_schema
from resign.settings import load_from_environment
from resign.telemetry import logs


@click.group()
def db() -> None:
    """The database's schema."""


@db.command()
def upgrade() -> None:
    """Brings the schema to this release's. Safe to repeat."""
    settings = load_from_environment()
    logs.set_up()
    upgrade_schema(open_database(settings, connections=1))
    click.echo("The schema is current.")
