"""The one cookie of the console: the token of a session, for this console's own requests only."""

from typing import cast

from flask import g, request
from werkzeug.wrappers import Response

from resign.console.origin import is_encrypted


def token() -> str:
    """Of the session that there is now, also where it was opened within this request; an empty text without one."""
    return cast("str", g.get("fresh_token") or request.cookies.get(_name(), ""))


def renew(fresh: str) -> None:
    """From here on this request is of that session, as the next will be by its cookie."""
    g.fresh_token = fresh


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
