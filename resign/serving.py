"""The one place where the web server is chosen: Granian, WSGI, several blocking threads in each worker process.

Requests wait for their durable commit in those threads; the more that wait together, the more share one commit.
"""

from collections.abc import Callable
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

_GRACE_SECONDS = 30
# A client that sends its headers so slowly is none; a body is bounded by size, a keep-alive by Granian itself.
_HEADERS_MILLISECONDS = 10_000


# Granian's own handlers are taken away: what it has to say goes the way of our logs.
_LOGS: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {},
    "formatters": {},
    "loggers": {
        "_granian": {"handlers": [], "level": "WARNING", "propagate": True},
        "granian.access": {"handlers": [], "level": "WARNING", "propagate": False},
    },
}


def serve(
    target: str,
    bind: tuple[str, int],
    *,
    workers: int,
    threads: int,
    loader: Callable[[str], Any] | None = None,
) -> None:
    """Serves until SIGTERM or SIGINT; requests under way are finished first."""
    address, port = bind
    server = Granian(
        target,
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        runtime_threads=1,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADERS_MILLISECONDS),
        websockets=False,
        log_access=False,  # an access log would hold every token
        log_level=LogLevels.error,
        log_dictconfig=_LOGS,
        respawn_failed_workers=True,
        workers_kill_timeout=_GRACE_SECONDS,
    )
    if loader is not None:
        server.serve(target_loader=loader)
    else:
        server.serve()
