"""The door of those who open their link for the first time: nearly everybody, and the page is ready to be filled.

A plain WSGI application in front of Flask, like the mail client's. Whoever decided anything before, every other
path and every method but GET it passes on; Flask gives the same page by the longer way.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from resign.ledger.glance import Glance
from resign.links import SCOPE, BadLink
from resign.public.address import in_query, token_of
from resign.public.asked import carried
from resign.public.site import Site
from resign.themes.contexts import Asking
from resign.web.headers import public_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class AskingDoor:
    def __init__(self, behind: "WSGIApplication", site: Site) -> None:
        self._behind = behind
        self._site = site
        self._glance = Glance(site.database)
        self._keys = {name: site.digest_key(name) for name in site.workspaces}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        token = token_of(environ) if environ["REQUEST_METHOD"] == "GET" else None
        if token is None:
            return self._behind(environ, start_response)
        try:
            link = self._site.links.open(token)
            if link.scope != SCOPE or self._site.is_elsewhere(environ.get("HTTP_HOST", ""), link.workspace):
                return self._behind(environ, start_response)
            digest = link.profile.digest(self._keys[link.workspace])
            decided = self._glance.ever_decided(link.workspace, digest, link.scope)
        except (BadLink, SQLAlchemyError, OSError):
            return self._behind(environ, start_response)
        if decided:
            return self._behind(environ, start_response)
        asked = in_query(environ)
        language = self._site.catalogues.choose(
            asked=asked.get("l"),
            remembered=None,
            accepted=environ.get("HTTP_ACCEPT_LANGUAGE", ""),
            default=self._site.workspaces[link.workspace].language,
        )
        query = carried(asked.get("c"))
        path = f"/u/{token}"
        page = self._site.pages.page("optout", language, link.workspace)
        more = f"?{query[1:]}" if query else ""
        body = page.fill(
            Asking(
                link=path,
                query=query,
                masked=link.profile.masked(),
                action=path + more,
                pause=f"{path}/pause{more}",
                centre=f"/p/{token}",
            )
        )
        headers = [
            *public_headers(page.csp),
            ("Content-Language", language),
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
        ]
        start_response("200 OK", headers)
        return [body]
