"""Who is answered: a browser that asks for this console by its own name, and sends forms from its own pages.

A page of somebody else's that is open in the same browser must neither read this one nor press a button on it. And what
every answer carries, so that a page of ours can do no more than it must.
"""

from flask import Response, request

from resign.console.desk import desk
from resign.console.marks import FIELD, check_mark, new_mark
from resign.console.origin import asked_origin
from resign.console.problems import Problem
from resign.console.spoken import mark

__all__ = ["FIELD", "admit", "check_mark", "harden", "new_mark"]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
_ENCRYPTED = "max-age=31536000"


def admit() -> None:
    """Raises Problem for a request that is not this console's own."""
    origin = asked_origin()
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        _from_here(origin)


def harden(response: Response) -> Response:
    """What a view says of its policy stands; all else is the same for every answer."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Cache-Control"] = "no-store"
    if desk().url.startswith("https://"):
        response.headers["Strict-Transport-Security"] = _ENCRYPTED
    return response


def _from_here(ours: str) -> None:
    """A page that sends no referrer also sends `Origin: null` with its forms (Fetch, "append a request Origin header");
    then the browser must say in another way that it is ours.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    is_ours = origin in {None, ours} or (origin == "null" and site == "same-origin")
    if site not in {None, "same-origin", "none"} or not is_ours:
        raise Problem(403, mark("This came from a page of another site. Nothing was changed."))
