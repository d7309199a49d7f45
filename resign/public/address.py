"""Reads a link's address from the raw request, for the doors in front of Flask."""

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# Where a door leaves the link that it opened, so that it is not opened again behind it.
LINK = "resign.link"
_PATH = "/u/"
_SLASHES = re.compile("/{2,}")
_MOST_QUERY = 2_000
_MOST_FIELDS = 50


def token_of(environ: "WSGIEnvironment") -> str | None:
    """The token of `/u/<token>`, None for every other path.

    Slashes that a template doubled are made one, for Flask too: they must not cost anybody their opt-out.
    """
    path: str = environ["PATH_INFO"]
    if "//" in path:
        path = environ["PATH_INFO"] = _SLASHES.sub("/", path)
    if not path.startswith(_PATH):
        return None
    token = path[len(_PATH) :].rstrip("/")
    return token if token and "/" not in token else None


def in_query(environ: "WSGIEnvironment") -> dict[str, str]:
    """The query's fields, of two alike the first, as Flask has it; none where it is too long or too odd to read."""
    query: str = environ.get("QUERY_STRING", "")
    if not query:
        return {}
    try:
        return dict(reversed(parse_qsl(query[:_MOST_QUERY], max_num_fields=_MOST_FIELDS)))
    except ValueError:
        return {}
