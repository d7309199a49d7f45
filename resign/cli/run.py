"""`serve`, `web`, `worker`, `sandbox`: the processes, together or apart."""

import logging
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import click
from prometheus_client import start_http_server
from sqlalchemy.exc import SQLAlchemyError

from resign import serving
from resign.app import create_chores, create_worker, open_database
from resign.chores import Chores
from resign.db.migrate import is_current, upgrade
from resign.settings import Settings, load_from_environment
from resign.settings.surroundings import given, surroundings
from resign.supervise import Child, Family
from resign.telemetry import logs
from resign.telemetry.sharing import SHARED_BY, environment_for_sharing

log = logging.getLogger(__name__)

_SANDBOX_THREADS = 32


@click.command()
def serve() -> None:
    """Web and worker together: all that one machine needs."""
    settings = load_from_environment()
    logs.set_up()
    _refuse_a_port_that_is_taken(settings.bind)
    database = open_database(settings, connections=1)
    if database.is_sqlite:
        upgrade(database)
    _refuse_another_schema(settings)
    shared = environment_for_sharing(settings.data_dir.absolute() / "metrics")
    command = [sys.executable, "-m", "resign"]
    children = [
        Child("web", [*command, "web", "--restarted"], shared),
        Child("worker", [*command, "worker"], shared),
    ]
    with Family(children) as family:
        status = family.watch()
    sys.exit(status)


@click.command()
@click.option("--restarted", is_flag=True, hidden=True)
def web(*, restarted: bool) -> None:
    """The web processes alone."""
    settings = load_from_environment()
    logs.set_up()
    if not restarted:
        _refuse_a_port_that_is_taken(settings.bind)
    _refuse_another_schema(settings)
    _share_metrics()
    log.info("Listening on http://%s:%d", *settings.bind)
    serving.serve(
        "resign.wsgi:application", settings.bind, workers=settings.web_workers, threads=settings.web_threads
    )


@click.command()
def worker() -> None:
    """One worker alone; on PostgreSQL there may be any number."""
    settings = load_from_environment()
    logs.set_up()
    _refuse_another_schema(settings)
    if settings.worker_bind is not None:
        host, port = settings.worker_bind
        start_http_server(port, host)
    running = create_worker(settings)
    _on_stop(running.stop)
    log.info("The worker is running")
    with Chores(create_chores(settings)):
        running.run()
    log.info("The worker has stopped; nothing is left half done")


@click.command()
@click.option("--bind", default="127.0.0.1:8100", show_default=True, help="Address to listen on.")
def sandbox(bind: str) -> None:
    """The pretend Synerise alone; `SANDBOX_SETTINGS` may hold its settings as JSON."""
    host, _, port = bind.rpartition(":")
    logs.set_up()
    _refuse_a_port_that_is_taken((host, int(port)), "--bind")
    log.info("The sandbox listens on http://%s", bind)
    serving.serve(
        "resign.cli.sandbox_app:application", (host, int(port)), workers=1, threads=_SANDBOX_THREADS
    )


def _share_metrics() -> None:
    """Without a supervisor that named a folder, the web processes share one of their own.

    prometheus-client looks for it when it is imported, so the command begins anew with it in its environment.
    """
    if given(SHARED_BY) is None:
        shared = environment_for_sharing(Path(tempfile.mkdtemp(prefix="resign-metrics-")))
        os.execve(sys.executable, [sys.executable, "-m", "resign", "web"], {**surroundings(), **shared})  # noqa: S606


def _refuse_a_port_that_is_taken(bind: tuple[str, int], setting: str = "RESIGN_BIND") -> None:
    """Two that share a port would share its visitors, and write the opt-outs into two ledgers.

    Not asked of a web that `serve` starts: `serve` has looked, and when it restarts one that died, that one's own
    processes may be there for a moment.
    """
    if why := serving.why_not_listen(bind):
        host, port = bind
        click.echo(f"resign cannot listen on {host}:{port}: {why} or set {setting}", err=True)
        sys.exit(2)


def _on_stop(stop: Callable[[], None]) -> None:
    def asked(_signal: int, _frame: FrameType | None) -> None:
        stop()

    signal.signal(signal.SIGTERM, asked)
    signal.signal(signal.SIGINT, asked)


def _refuse_another_schema(settings: Settings) -> None:
    """A schema of another release ends the start. A database that is away does not: pages then answer 503."""
    database = open_database(settings, connections=1)
    try:
        if not is_current(database):
            click.echo(
                "resign cannot start: the database has another schema; run `resign db upgrade`", err=True
            )
            sys.exit(2)
    except (SQLAlchemyError, OSError) as error:
        log.warning("The database does not answer yet (%s)", type(error).__name__)
    finally:
        database.close()
