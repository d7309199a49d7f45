"""`resign console`: the pages for those who look after the opt-out pages."""

import logging
from functools import partial

import click

from resign import serving
from resign.app import open_database
from resign.cli.refusing import (
    refuse,
    refuse_a_port_that_is_taken,
    refuse_a_provider_without_its_library,
    refuse_another_schema,
)
from resign.console_root import console_application, seal_of
from resign.db.migrate import upgrade
from resign.settings import Settings, load_from_environment
from resign.staff import second_factor
from resign.telemetry import logs

log = logging.getLogger(__name__)

_THREADS = 8


@click.command()
@click.option("--bind", help="Address to listen on, instead of RESIGN_CONSOLE_BIND.")
@click.option("--restarted", is_flag=True, hidden=True)
def console(bind: str | None, *, restarted: bool) -> None:
    """The console alone: pages for support, marketers and operators."""
    settings = _settings(bind)
    logs.set_up()
    address = settings.console_bind
    if address is None:
        refuse("resign console has nowhere to listen: RESIGN_CONSOLE_BIND is off; set it or give --bind")
    refuse_a_provider_without_its_library(settings)
    if not restarted:
        refuse_a_port_that_is_taken(address, "RESIGN_CONSOLE_BIND")
    database = open_database(settings, connections=1)
    if database.is_sqlite:
        upgrade(database)
    database.close()
    refuse_another_schema(settings)
    _seal_second_factors(settings)
    log.info("The console is at %s/console/", settings.console_url)
    # What is being checked is in the memory of the one process.
    serving.serve("the console", address, workers=1, threads=_THREADS, loader=partial(_application, bind))


def _seal_second_factors(settings: Settings) -> None:
    """Those of an older release that were kept in clear, also of staff who never sign in again."""
    database = open_database(settings, connections=1)
    with database.reading() as session:
        is_any = second_factor.is_any_clear(session)
    if is_any:
        with database.writing() as session:
            sealed = second_factor.seal_what_is_clear(session, seal_of(settings))
            session.commit()
        log.info("Second factors that an older release kept in clear are sealed: %s", sealed)
    database.close()


def _application(bind: str | None, _target: str) -> object:
    """In the web server's own process, which begins with nothing but the environment."""
    logs.set_up()
    return console_application(_settings(bind))


def _settings(bind: str | None) -> Settings:
    return load_from_environment() if bind is None else load_from_environment(RESIGN_CONSOLE_BIND=bind)
