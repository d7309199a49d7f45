"""Every request that goes wrong gets a page that says so, the same headers, and a way on."""

import logging

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from resign.links import BadLink
from resign.public.answer import RETRY_AFTER, problem, unlinked
from resign.public.site import site
from resign.public.visit import OtherSender
from resign.telemetry.metrics import REFUSED
from resign.themes.contexts import OtherSender as OtherSenderPage
from resign.themes.contexts import PageName

log = logging.getLogger(__name__)

_PAGES: dict[int, PageName] = {404: "not-found", 405: "method", 413: "too-large"}


def bad_link(_error: BadLink) -> Response:
    """One body for every cause (A13); a network that tries one after the other is asked to wait (A14)."""
    if site().bad_links.is_exceeded_by(request.remote_addr):
        REFUSED.labels("too-many").inc()
        return problem("too-many", 429, **{"Retry-After": RETRY_AFTER})
    return problem("bad-link", 404)


def other_sender(error: OtherSender) -> Response:
    """A good link under another brand's address: nothing is done, and the way to its own is shown."""
    REFUSED.labels("other-sender").inc()
    return unlinked("other-sender", OtherSenderPage(elsewhere=error.address), 404)


def http_error(error: HTTPException) -> Response:
    """Flask's own refusals. `Allow` and the like are kept: the standard asks for them (A5)."""
    status = error.code or 500
    if status == 404 and (request.path == "/u" or request.path.startswith("/u/")):  # noqa: PLR2004 - a link cut or stretched is a bad link
        return bad_link(BadLink())
    REFUSED.labels(str(status)).inc()
    kept = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    return problem(_PAGES.get(status, "error"), status, **kept)


def crash(error: Exception) -> Response:
    log.error("A request failed in a way that nobody foresaw", exc_info=error)
    REFUSED.labels("500").inc()
    return problem("error", 500)


def register(app: Flask) -> None:
    app.register_error_handler(BadLink, bad_link)
    app.register_error_handler(OtherSender, other_sender)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, crash)
