"""The mail client's own door (RFC 8058): a small WSGI application in front of Flask, for one request only.

It knows `POST /u/<token>` with the body `List-Unsubscribe=One-Click` and a link that opens. Everything else,
also every unusual form of the same wish, it passes on to Flask, which gives the same answer by the longer way.
"""

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from resign.ids import reference
from resign.ledger import LedgerUnavailable, decide
from resign.links import SCOPE, BadLink
from resign.public.address import LINK, in_query, token_of
from resign.public.asked import ONE_CLICK
from resign.public.site import Site
from resign.telemetry.metrics import DECISIONS, REFUSED
from resign.web.headers import public_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_TYPE = ("Content-Type", "text/plain; charset=utf-8")


class OneClickDoor:
    def __init__(self, behind: "WSGIApplication", site: Site) -> None:
        self._behind = behind
        self._site = site
        self._keys = {name: site.digest_key(name) for name in site.workspaces}
        self._headers = [*public_headers(), _TYPE]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        token = token_of(environ) if environ["REQUEST_METHOD"] == "POST" else None
        if token is None or environ.get("CONTENT_LENGTH") != str(len(ONE_CLICK)):
            return self._behind(environ, start_response)
        # The link first: whoever has none that opens is answered without a thread waiting for their body.
        try:
            link = environ[LINK] = self._site.links.open(token)
        except BadLink:
            return self._behind(environ, start_response)
        usual = link.scope == SCOPE and not self._site.is_elsewhere(
            environ.get("HTTP_HOST", ""), link.workspace
        )
        if not usual or not self._site.readers.acquire(blocking=False):
            return self._behind(environ, start_response)
        try:
            body = environ["wsgi.input"].read(len(ONE_CLICK))
        finally:
            self._site.readers.release()
        if body != ONE_CLICK:
            environ["wsgi.input"] = io.BytesIO(body)
            return self._behind(environ, start_response)
        decision = decide(
            workspace=link.workspace,
            digest_key=self._keys[link.workspace],
            profile=link.profile,
            agreement=link.scope,
            choice="opt-out",
            method="one-click",
            at=self._site.clock.now(),
            campaign=in_query(environ).get("c"),
            link_key=link.key_id,
            body="one-click",
        )
        try:
            self._site.intake.append(decision)
        except LedgerUnavailable:
            REFUSED.labels("unavailable").inc()
            return self._answer(
                start_response,
                "503 Service Unavailable",
                b"Not recorded: please try again in a minute.\n",
                ("Retry-After", "60"),
            )
        DECISIONS.labels(link.workspace, "opt-out", "one-click").inc()
        text = f"You are opted out. Reference: {reference(decision.id)}\n"
        return self._answer(start_response, "200 OK", text.encode())

    def _answer(
        self, start_response: "StartResponse", status: str, text: bytes, *more: tuple[str, str]
    ) -> list[bytes]:
        start_response(status, [*self._headers, ("Content-Length", str(len(text))), *more])
        return [text]
