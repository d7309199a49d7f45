"""The `resign` command: each subcommand in a file of its own."""

import sys

import click
from sqlalchemy.exc import SQLAlchemyError

from resign.cli.bench import bench
from resign.cli.db import db
from resign.cli.demo import demo
from resign.cli.doctor import doctor
from resign.cli.link import link
from resign.cli.outbox import outbox
from resign.cli.run import sandbox, serve, web, worker
from resign.db.migrate import SchemaTrouble
from resign.settings import BadSettings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="resign")
def commands() -> None:
    """The opt-out page for companies that send their mail with Synerise."""


for command in (serve, web, worker, sandbox, demo, doctor, link, outbox, db, bench):
    commands.add_command(command)


def main() -> None:
    """Bad settings end every command alike: all faults at once, exit status 2."""
    try:
        commands()
    except (SQLAlchemyError, OSError) as error:
        click.echo(
            f"resign cannot go on: the database or its folder cannot be used ({type(error).__name__}); "
            "check RESIGN_DATABASE_URL and RESIGN_DATA_DIR, and run `resign db upgrade`",
            err=True,
        )
        sys.exit(2)
    except SchemaTrouble as trouble:
        click.echo(f"resign cannot start: {trouble}", err=True)
        sys.exit(2)
    except BadSettings as faults:
        click.echo(str(faults), err=True)
        sys.exit(2)
