"""The one place where the web server is chosen: Granian, WSGI, several blocking threads in each worker process.

Requests wait for their durable commit in those threads; the more that wait together, the more share one commit.
"""

import errno
import socket
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


def why_not_listen(bind: tuple[str, int]) -> str | None:
    """Why nobody can listen there, as the end of a sentence; None where one can.

    Granian sets SO_REUSEPORT, so that its own processes share the port; a second resign would share it too, and each
    would get a part of the visitors. A bind without that option fails beside one who listens. SO_REUSEADDR lets it
    pass what the kernel still remembers of connections that are over (TIME_WAIT, socket(7)). Two that start in the
    same moment may both pass.
    """
    host, port = bind
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as fault:
        return _why(fault)
    return None


def _why(fault: OSError) -> str:
    if fault.errno == errno.EADDRINUSE:
        return "the port is taken; end what runs there"
    if fault.errno == errno.EADDRNOTAVAIL or isinstance(fault, socket.gaierror):
        return "this machine has no such address; give it one"
    if fault.errno == errno.EACCES:
        return "the system reserves that port; let this user have it"
    return f"the system refuses it ({type(fault).__name__})"


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
