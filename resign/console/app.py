"""Puts the console together: who is answered at all, then the pages, then what every answer carries."""

import logging
from typing import cast

from flask import Flask, Response, g, render_template, url_for
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException, NotFound

from resign import paths
from resign.console import access, files, home, sections, wording
from resign.console.accounts import changing, deeds
from resign.console.accounts import listing as people
from resign.console.acting import routes as acting
from resign.console.acting import words as acting_words
from resign.console.api_keys import keeping as api_keys
from resign.console.bounds import BoundedRequest, RowNumber
from resign.console.deliveries import board, endpoint, feeding, letters
from resign.console.deliveries.sign import alarm_sign
from resign.console.desk import EXTENSION, Desk, desk
from resign.console.door import account, enrolling, resuming, setting_up, signing_in
from resign.console.door import code as door_code
from resign.console.exports import exporting
from resign.console.exports import listing as exports
from resign.console.guard import FIELD, admit, harden, new_mark
from resign.console.imports import importing, uploading
from resign.console.imports import mapping as import_mapping
from resign.console.oidc import views as oidc
from resign.console.person import opening, proving, shown
from resign.console.problems import FromAnotherSession, Problem, SignInFirst
from resign.console.recognised import become, recognised
from resign.console.reports import bursting, pages
from resign.console.search import searching
from resign.console.settings import seen as settings_seen
from resign.console.spoken import choose_language, here_in, language, mark, moment, say
from resign.console.themes import (
    code,
    editing,
    listing,
    looking,
    names,
    palette,
    picking,
    pointing,
    reference,
    releasing,
    showing,
    worded,
    writing,
)
from resign.console.themes.told import told
from resign.themes.source import changeable

log = logging.getLogger(__name__)

_PARTS = (
    home,
    files,
    signing_in,
    door_code,
    enrolling,
    resuming,
    account,
    oidc,
    setting_up,
    people,
    changing,
    deeds,
    searching,
    opening,
    shown,
    proving,
    acting,
    listing,
    editing,
    picking,
    showing,
    releasing,
    reference,
    exporting,
    exports,
    pages,
    bursting,
    board,
    endpoint,
    feeding,
    letters,
    api_keys,
    settings_seen,
    uploading,
    importing,
    import_mapping,
)
# A logo before it is made small, and all that is typed beside it.
MOST_BYTES = 2 * 1024 * 1024
_MOST_TYPED = 1024 * 1024
_NOT_DONE = mark("This cannot be done")
_NOT_HERE = mark("This is not here")
_NO_SUCH_PAGE = mark("There is no such page")
_WHAT_THEN = mark("Look whether the address is whole. What it led to may be gone, or not be yours to see.")
_SAID = {
    404: mark("There is no page here."),
    405: mark("This address is not asked in that way."),
    413: mark("This is too much: 2 MB at most. Nothing was saved. Go back and choose a smaller file."),
    500: mark("Something went wrong here, and nothing was saved. Go back and try again."),
}


def create_console(stand: Desk) -> Flask:
    """One process, several threads: what is being checked is in its memory."""
    app = Flask(
        "resign.console",
        template_folder=str(paths.templates() / "console"),
        static_folder=None,
    )
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = _MOST_TYPED
    app.request_class = BoundedRequest
    app.url_map.converters["int"] = RowNumber
    app.extensions[EXTENSION] = stand
    _speak(app)
    app.before_request(choose_language)
    app.before_request(admit)
    app.before_request(access.admit_staff)
    for each in _PARTS:
        app.register_blueprint(each.blueprint)
    app.register_error_handler(SignInFirst, signing_in.sign_in_first)
    app.register_error_handler(FromAnotherSession, resuming.from_another_session)
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)
    app.after_request(harden)
    app.url_defaults(_same_language)
    return app


def _speak(app: Flask) -> None:
    app.jinja_options = {
        "extensions": ["jinja2.ext.i18n"], "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True,
    }  # fmt: skip
    environment = app.jinja_env
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(say, _counted, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(
        say=say, moment=moment, who=access.who, recognised=recognised, sections=sections, mark_field=FIELD, new_mark=new_mark, desk=desk, language=language, here_in=here_in, told=told,
        names=names, code=code, looking=looking, palette=palette, worded=worded, pointing=pointing, writing=writing, changeable=changeable, wording=wording, alarm_sign=alarm_sign,
        acting=acting_words,
    )  # fmt: skip


def _counted(one: str, many: str, count: int) -> str:
    return desk().words.ngettext(language(), one, many, count)


def _same_language(endpoint: str, values: dict[str, object]) -> None:
    if endpoint != "files.file" and g.get("wished"):
        values.setdefault("l", g.wished)


def _problem(problem: Problem) -> Response:
    return _page(problem.status, problem.message)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None or 300 <= status < 400:  # noqa: PLR2004 - a redirect
        return cast("Response", Response.force_type(error.get_response()))
    return _page(status, _SAID.get(status, _SAID[500]), dict(error.get_headers()).get("Allow"))


def _fault(error: Exception) -> Response:
    log.error("The console failed (%s)", type(error).__name__, exc_info=error)
    if g.get("recognised") is None:  # whatever failed may fail again, and the page that says so must not
        become(None)
    return _page(500, _SAID[500])


def _page(status: int, message: str, allow: str | None = None) -> Response:
    heading = _NOT_HERE if status == NotFound.code else _NOT_DONE
    if message == _SAID[404]:
        heading, message = _NO_SUCH_PAGE, _WHAT_THEN
    text = render_template(
        "problem.html", heading=say(heading), message=say(message), home=url_for("home.home")
    )
    return Response(text, status, headers={"Allow": allow} if allow else {})
