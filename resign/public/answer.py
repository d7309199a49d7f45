"""Public answers: a page filled with a person's few values, or a line of text for a mail client."""

from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from resign.public.asked import language
from resign.public.site import site
from resign.themes.contexts import Context, PageName, Problem
from resign.web.headers import public_headers

RETRY_AFTER = "60"


def page(name: PageName, workspace: str, in_language: str, context: Context, status: int = 200) -> Response:
    shown = site().pages.page(name, in_language, workspace)
    headers = public_headers(shown.csp)
    headers.append(("Content-Language", in_language))
    if status == 503:  # noqa: PLR2004 - the status says what it is
        headers.append(("Retry-After", RETRY_AFTER))
    return Response(shown.fill(context), status, headers, mimetype="text/html")


def problem(name: PageName, status: int, **headers: str) -> Response:
    return unlinked(name, Problem(), status, **headers)


def unlinked(
    name: PageName, context: Context, status: int = 200, asked: str | None = None, **headers: str
) -> Response:
    """A page for a request that no link vouches for: it names every sender who could be meant."""
    workspace = site().workspace_of(request.host)
    default = site().workspaces[workspace] if workspace else next(iter(site().workspaces.values()))
    in_language = language(default.language, asked=asked)
    shown = site().pages.page(name, in_language, workspace)
    answer = Response(shown.fill(context), status, public_headers(shown.csp), mimetype="text/html")
    answer.headers["Content-Language"] = in_language
    answer.headers.extend(headers)
    return answer


def text(content: str, status: int = 200) -> Response:
    return Response(content, status, public_headers(), mimetype="text/plain")


def finish(response: AnyResponse) -> Any:  # noqa: ANN401 - Flask takes and gives any response
    """For answers that none of the above made (Flask's own OPTIONS): the same headers."""
    for name, value in public_headers():
        response.headers.setdefault(name, value)
    if request.method == "OPTIONS":
        response.headers["Content-Length"] = "0"
    return response
