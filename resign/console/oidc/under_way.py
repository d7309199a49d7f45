"""Binds a sign-in to the browser that began it: a cookie for ten minutes, from which state, nonce and verifier follow.

The cookie holds one random value and no secret; whoever does not have it cannot bring an answer back, and whoever
reads it cannot compute what belongs to it.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response as FlaskResponse
from flask import request
from werkzeug.wrappers import Response

from resign.console.desk import desk
from resign.console.oidc.identity import Begun
from resign.console.origin import is_encrypted

_HOLDS = timedelta(minutes=10)
_MOST_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True)
class UnderWay:
    """`to` is where somebody wanted to go; `cookie` what the browser keeps meanwhile."""

    begun: Begun
    to: str
    cookie: str


def fresh(to: str, now: datetime) -> UnderWay:
    to = to if len(to) <= _MOST_CHARACTERS else ""
    encoded = base64.urlsafe_b64encode(to.encode()).decode()
    text = f"{secrets.token_urlsafe(32)}.{int((now + _HOLDS).timestamp())}.{encoded}"
    return UnderWay(_begun(text), to, f"{text}.{_derived('cookie', text)}")


def found(state: str, now: datetime) -> UnderWay | None:
    """The one that this browser began and that `state` belongs to; None where there is none, or it is too old."""
    given = request.cookies.get(_name(), "")
    text, _, signature = given.rpartition(".")
    if not hmac.compare_digest(_derived("cookie", text).encode(), signature.encode("utf-8", "replace")):
        return None
    _, ends, encoded = text.split(".")
    begun = _begun(text)
    if int(ends) <= now.timestamp() or not hmac.compare_digest(
        begun.state.encode(), state.encode("utf-8", "replace")
    ):
        return None
    return UnderWay(begun, base64.urlsafe_b64decode(encoded).decode(), given)


def keep(response: Response, begun: UnderWay) -> Response:
    """`Lax`, because the browser brings it along when the provider sends it back here."""
    response.set_cookie(
        _name(),
        begun.cookie,
        max_age=_HOLDS,
        path=_path(),
        secure=is_encrypted(),
        httponly=True,
        samesite="Lax",
    )
    return response


def drop(response: FlaskResponse) -> FlaskResponse:
    response.delete_cookie(_name(), path=_path(), secure=is_encrypted(), httponly=True, samesite="Lax")
    return response


def _begun(text: str) -> Begun:
    return Begun(*(_derived(name, text) for name in ("state", "nonce", "verifier")))


def _derived(name: str, text: str) -> str:
    return hmac.new(
        desk().secret, f"oidc {name} {text}".encode("utf-8", "replace"), hashlib.sha256
    ).hexdigest()


def _name() -> str:
    return "__Host-resign-oidc" if is_encrypted() else "resign-oidc"


def _path() -> str:
    return "/" if is_encrypted() else "/console"
