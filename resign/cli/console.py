"""`resign console`: the pages for those who look after the opt-out pages, on this machine only."""

import logging
import sys

import click

from resign import serving
from resign.app import open_database
from resign.console.guard import is_loopback
from resign.db.migrate import is_current, upgrade
from resign.settings import load_from_environment
from resign.telemetry import logs

log = logging.getLogger(__name__)

_THREADS = 8
_LAST_PORT = 65535


@click.command()
@click.option(
    "--bind", default="127.0.0.1:8020", show_default=True, help="Address to listen on; loopback only."
)
def console(bind: str) -> None:
    """Themes in the browser. There is no sign-in yet, so only this machine is answered."""
    host, _, port = bind.rpartition(":")
    if not is_loopback(host) or not port.isdecimal() or not 0 < int(port) <= _LAST_PORT:
        _refuse(
            f"resign console cannot listen on {bind}: there is no sign-in yet, so it is for this machine only; "
            "give --bind 127.0.0.1:8020, or another port"
        )
    settings = load_from_environment()
    logs.set_up()
    address = (host.strip("[]"), int(port))
    if why := serving.why_not_listen(address):
        _refuse(f"resign cannot listen on {bind}: {why} or give --bind")
    database = open_database(settings, connections=1)
    if database.is_sqlite:
        upgrade(database)
    if not is_current(database):
        _refuse("resign cannot start: the database has another schema; run `resign db upgrade`")
    database.close()
    log.info("The console is at http://%s/console/themes", bind)
    # What is being checked is in the memory of the one process.
    serving.serve("resign.cli.console_app:application", address, workers=1, threads=_THREADS)


def _refuse(why: str) -> None:
    click.echo(why, err=True)
    sys.exit(2)
