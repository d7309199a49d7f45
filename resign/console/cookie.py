"""The one cookie of the console: the token of a session, for this console's own requests only."""

from flask import request
from werkzeug.wrappers import Response

from resign.console.origin import is_encrypted


def token() -> str:
    """An empty text where there is none."""
    return request.cookies.get(_name(), "")


def keep(response: Response, fresh: str) -> Response:
    """Until the browser is closed; when it is over the server knows best."""
    response.set_cookie(_name(), fresh, path=_path(), secure=is_encrypted(), httponly=True, samesite="Lax")
    return response


def drop(response: Response) -> Response:
    response.delete_cookie(_name(), path=_path(), secure=is_encrypted(), httponly=True, samesite="Lax")
    return response


def _name() -> str:
    """A browser takes `__Host-` only from this very host over TLS, with no domain and for all paths (RFC 6265bis)."""
    return "__Host-resign-console" if is_encrypted() else "resign-console"


def _path() -> str:
    return "/" if is_encrypted() else "/console"
