"""The API's own application and the door to it: what holds for the pages holds for them alone."""

import json
import logging
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from resign.api.admitting import admit
from resign.api.described import TEXT
from resign.api.desk import EXTENSION, Desk, desk
from resign.api.openapi import describe
from resign.api.problems import Refused, answer
from resign.api.route import Route
from resign.api.routes import ROUTES
from resign.telemetry.metrics import API_ANSWERS
from resign.web.headers import public_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

ROOT = "/api"
_HTTP = {404: "not-found", 405: "method-not-allowed", 413: "too-large", 415: "unsupported-media-type"}
_BY_ENDPOINT = {route.endpoint: route for route in ROUTES}
# Faults of ours: sent again, the same would happen.
_OURS = (DataError, IntegrityError, ProgrammingError)


class ApiDoor:
    """Sends what begins with `/api` to the API, and all else to the pages behind."""

    def __init__(self, behind: "WSGIApplication", api: "WSGIApplication") -> None:
        self._behind = behind
        self._api = api

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        is_api = path.startswith(ROOT) and path[len(ROOT) : len(ROOT) + 1] in {"", "/"}
        return (self._api if is_api else self._behind)(environ, start_response)


def create_api(stand: Desk) -> Flask:
    app = Flask("resign.api", static_folder=None, template_folder=None)
    # No other spelling of an address is redirected: whoever sends a body would send it twice.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.url_map.redirect_defaults = False
    app.extensions[EXTENSION] = stand
    app.config[TEXT] = _described()
    for route in ROUTES:
        app.add_url_rule(
            route.rule, route.endpoint, route.view, methods=[route.method], provide_automatic_options=False
        )
    app.before_request(_admit)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(SQLAlchemyError, _database)
    app.register_error_handler(OSError, _database)
    app.register_error_handler(Exception, _crash)
    app.after_request(_finish)
    return app


@cache
def _described() -> str:
    return json.dumps(describe(ROUTES))


def _admit() -> None:
    route = _route()
    if route is not None and route.scope is not None:
        admit(route.scope)


def _refused(refused: Refused) -> Response:
    return answer(refused.name, refused.errors, **refused.headers)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    name = _HTTP.get(status, "malformed" if status < 500 else "internal")  # noqa: PLR2004 - theirs or ours
    found = answer(name)
    if allowed := dict(error.get_headers()).get("Allow"):
        found.headers["Allow"] = allowed
    return found


def _database(error: SQLAlchemyError | OSError) -> Response:
    if isinstance(error, _OURS):
        return _crash(error)
    desk().refusals.note(type(error).__name__)
    return answer("unavailable")


def _crash(error: Exception) -> Response:
    log.error("A request to the API failed in a way that nobody foresaw", exc_info=error)
    return answer("internal")


def _finish(response: Response) -> Response:
    for name, value in public_headers():
        response.headers[name] = value
    route = _route()
    API_ANSWERS.labels(route.endpoint if route else "none", str(response.status_code)).inc()
    return response


def _route() -> Route | None:
    return _BY_ENDPOINT.get(request.endpoint or "")
