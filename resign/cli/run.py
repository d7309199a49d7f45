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

from resign import serving
from resign.app import create_chores, create_worker, open_database
from resign.chores import Chores
from resign.cli.refusing import (
    refuse_a_port_that_is_taken,
    refuse_a_provider_without_its_library,
    refuse_another_schema,
)
from resign.db.migrate import upgrade
from resign.settings import load_from_environment
from resign.settings.surroundings import given, surroundings
from resign.supervise import Child, Family
from resign.telemetry import logs
from resign.telemetry.sharing import SHARED_BY, environment_for_sharing

log = logging.getLogger(__name__)

_SANDBOX_THREADS = 32


@click.command()
def serve() -> None:
    """Web, worker and console together: all that one machine needs."""
    settings = load_from_environment()
    logs.set_up()
    refuse_a_port_that_is_taken(settings.bind)
    if settings.console_bind is not None:
        refuse_a_provider_without_its_library(settings)
        refuse_a_port_that_is_taken(settings.console_bind, "RESIGN_CONSOLE_BIND")
    database = open_database(settings, connections=1)
    if database.is_sqlite:
        upgrade(database)
    refuse_another_schema(settings)
    shared = environment_for_sharing(settings.data_dir.absolute() / "metrics")
    command = [sys.executable, "-m", "resign"]
    children = [
        Child("web", [*command, "web", "--restarted"], shared),
        Child("worker", [*command, "worker"], shared),
    ]
    if settings.console_bind is not None:
        children.append(Child("console", [*command, "console", "--restarted"], shared))
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
        refuse_a_port_that_is_taken(settings.bind)
    refuse_another_schema(settings)
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
    refuse_another_schema(settings)
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
    refuse_a_port_that_is_taken((host, int(port)), "--bind")
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


def _on_stop(stop: Callable[[], None]) -> None:
    def asked(_signal: int, _frame: FrameType | None) -> None:
        stop()

    signal.signal(signal.SIGTERM, asked)
    signal.signal(signal.SIGINT, asked)
