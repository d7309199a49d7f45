"""Who is answered: this machine's own browser, asking for this machine's own name, from this console's own pages.

There is no sign-in yet. A page of somebody else's that is open in the same browser must neither read this one, by a
host name of its own that leads here (DNS rebinding), nor press a button on it.
"""

import hashlib
import hmac
import ipaddress
import re
import secrets

from flask import Response, request

from resign.console.desk import desk
from resign.console.problems import Problem
from resign.console.spoken import mark

_HOST = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)
FIELD = "mark"
_NONCE_LENGTH = 22
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


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address to listen on."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def admit() -> None:
    """Raises Problem for a request that is not this console's own."""
    host = request.environ.get("HTTP_HOST", "")
    if not _HOST.fullmatch(host):
        raise Problem(421, mark("The console answers only as 127.0.0.1, localhost or [::1]."))
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        _from_here(host)


def check_mark() -> None:
    """Raises Problem for a form that does not carry this console's mark."""
    if not _is_mark(request.form.get(FIELD, "")):
        raise Problem(
            403,
            mark(
                "This form was not made by this console, or before it was set up anew. Open the page again."
            ),
        )


def new_mark() -> str:
    nonce = secrets.token_urlsafe(16)
    return nonce + _signed(nonce)


def harden(response: Response) -> Response:
    """What a view says of its policy stands; all else is the same for every answer."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Cache-Control"] = "no-store"
    return response


def _from_here(host: str) -> None:
    """A page that sends no referrer also sends `Origin: null` with its forms (Fetch, "append a request Origin header");
    then the browser must say in another way that it is ours.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    ours = origin in {None, f"http://{host}"} or (origin == "null" and site == "same-origin")
    if site not in {None, "same-origin", "none"} or not ours:
        raise Problem(403, mark("This came from a page of another site. Nothing was changed."))


def _is_mark(given: str) -> bool:
    nonce, signature = given[:_NONCE_LENGTH], given[_NONCE_LENGTH:]
    return hmac.compare_digest(_signed(nonce).encode(), signature.encode("utf-8", "replace"))


def _signed(nonce: str) -> str:
    return hmac.new(desk().secret, f"form {nonce}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()
