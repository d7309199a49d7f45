"""Why a process does not start at all, said in one sentence."""

import logging
import sys
from importlib import import_module
from typing import NoReturn

import click
from sqlalchemy.exc import SQLAlchemyError

from resign import serving
from resign.app import open_database
from resign.db.migrate import is_current
from resign.settings import Settings

log = logging.getLogger(__name__)


def refuse(why: str) -> NoReturn:
    click.echo(why, err=True)
    sys.exit(2)


def refuse_a_port_that_is_taken(bind: tuple[str, int], setting: str = "RESIGN_BIND") -> None:
    """Two that share a port would share its visitors, and write the opt-outs into two ledgers.

    Not asked of a process that `serve` starts: `serve` has looked, and when it restarts one that died, that one's own
    processes may be there for a moment.
    """
    if why := serving.why_not_listen(bind):
        host, port = bind
        refuse(f"resign cannot listen on {host}:{port}: {why} or set {setting}")


def refuse_another_schema(settings: Settings) -> None:
    """A schema of another release ends the start. A database that is away does not: pages then answer 503."""
    database = open_database(settings, connections=1)
    try:
        if not is_current(database):
            refuse("resign cannot start: the database has another schema; run `resign db upgrade`")
    except (SQLAlchemyError, OSError) as error:
        log.warning("The database does not answer yet (%s)", type(error).__name__)
    finally:
        database.close()


def refuse_a_provider_without_its_library(settings: Settings) -> None:
    """Raises BadSettings, before there is a process that would fail in the same way again and again."""
    if settings.oidc_issuer is not None:
        import_module("resign.console.oidc.proof")
