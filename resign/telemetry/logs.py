"""JSON logs: a sentence and ids as fields. No address, network address or token can get in by way of an exception."""

import logging
import sys
import traceback
from types import TracebackType
from typing import TextIO

from pythonjsonlogger.json import JsonFormatter

# These write whole URLs, and a URL of ours or Synerise's holds a token or an address; or who connects to whom.
_TELLTALES = ("httpx", "httpcore", "werkzeug", "sqlalchemy", "psycopg", "alembic", "asyncssh")

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class _Discreet(JsonFormatter):
    """Of an exception it keeps the type and the lines of code, not the text: that may quote the row it choked on."""

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - the name is logging's
        kind, _, trace = ei
        frames = "".join(traceback.format_tb(trace))
        return f"{frames}{kind.__name__ if kind else 'no exception'}"


def set_up(level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Logs to standard error, one JSON object a line."""
    sink = logging.StreamHandler(stream or sys.stderr)
    sink.setFormatter(
        _Discreet(
            "{asctime}{levelname}{name}{message}",
            style="{",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [sink]
    root.setLevel(level)
    for name in _TELLTALES:
        logging.getLogger(name).setLevel(logging.ERROR if name == "werkzeug" else logging.WARNING)
