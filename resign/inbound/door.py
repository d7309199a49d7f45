"""`POST /hooks/<source>/<workspace>`: a plain WSGI application in front of Flask, because it comes in bursts.

Every profile is a request of its own there, so a campaign's end is a hundred thousand of them. It answers when
the notice is durable and leaves all thinking to the worker.
"""

import json
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from resign.clock import Clock
from resign.db.group_commit import Unavailable
from resign.inbound.body import BadBody, fields_of, notice_of
from resign.inbound.verifier import is_signed_in
from resign.ledger.glance import Glance
from resign.links import SCOPE, BadLink, Links
from resign.notices.notice import Notice
from resign.notices.taking import Taking
from resign.settings import Workspace
from resign.telemetry.metrics import HOOK_REFUSED, NOTICES
from resign.web.headers import public_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_NO_HEADERS: tuple[tuple[str, str], ...] = ()
MOST_BYTES = 16 * 1024
_PATIENCE_SECONDS = 1.0
_ROOT = "/hooks"
_PATH = re.compile(r"/hooks/([a-z0-9-]{1,32})/([a-z0-9-]{1,31})/?")
_STATUS = {
    200: "200 OK",
    202: "202 Accepted",
    400: "400 Bad Request",
    401: "401 Unauthorized",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    413: "413 Content Too Large",
    503: "503 Service Unavailable",
}


@dataclass(frozen=True, slots=True)
class Source:
    """One system that tells us things: what it signs in with, and how its body is read. One row each."""

    secret: Callable[[Workspace], str | None]
    read: Callable[[Mapping[str, object], Workspace], Notice]


SOURCES = {"synerise": Source(lambda workspace: workspace.synerise_webhook_token, notice_of)}


class Refusal(Exception):
    """`cause` is what it is counted under."""

    def __init__(self, status: int, cause: str, *headers: tuple[str, str]) -> None:
        super().__init__(cause)
        self.status, self.cause, self.headers = status, cause, headers


class HookDoor:
    def __init__(
        self,
        behind: "WSGIApplication",
        workspaces: Mapping[str, Workspace],
        links: Links,
        taking: Taking,
        glance: Glance,
        clock: Clock,
        readers: threading.BoundedSemaphore,
    ) -> None:
        self._behind = behind
        self._workspaces = workspaces
        self._keys = {name: workspace.digest_key.encode() for name, workspace in workspaces.items()}
        self._links = links
        self._taking = taking
        self._glance = glance
        self._clock = clock
        self._readers = readers
        self._headers = [*public_headers(), ("Content-Type", "application/json")]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        if not path.startswith(_ROOT) or path[len(_ROOT) : len(_ROOT) + 1] not in {"", "/"}:
            return self._behind(environ, start_response)
        try:
            status, said, headers = self._hear(environ, path), "event", _NO_HEADERS
        except Refusal as refusal:
            HOOK_REFUSED.labels(refusal.cause).inc()
            status, said, headers = refusal.status, refusal.cause, refusal.headers
        answer = json.dumps({"heard" if status < 300 else "refused": said}).encode() + b"\n"  # noqa: PLR2004 - 2xx
        length = ("Content-Length", str(len(answer)))
        start_response(_STATUS[status], [*self._headers, length, *headers])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer]

    def _hear(self, environ: "WSGIEnvironment", path: str) -> int:
        found = _PATH.fullmatch(path)
        source = SOURCES.get(found[1]) if found else None
        workspace = self._workspaces.get(found[2]) if found else None
        secret = source.secret(workspace) if source and workspace else None
        if source is None or workspace is None or secret is None:
            raise Refusal(404, "no-such-hook")
        if environ["REQUEST_METHOD"] != "POST":
            raise Refusal(405, "method", ("Allow", "POST"))
        if not is_signed_in(environ.get("HTTP_AUTHORIZATION", ""), secret):
            raise Refusal(401, "not-signed-in", ("WWW-Authenticate", 'Bearer, Basic realm="hooks"'))
        try:
            fields = fields_of(self._body(environ), environ.get("CONTENT_TYPE", ""))
            notice = source.read(fields, workspace)
        except BadBody as fault:
            raise Refusal(400, str(fault).replace(" ", "-")) from None
        return self._take(notice)

    def _take(self, notice: Notice) -> int:
        """200 where there is nothing to do, 202 where the worker will, or where the event is none of ours."""
        if notice.subject is None:
            HOOK_REFUSED.labels("unknown-event").inc()
            return 202
        NOTICES.labels(notice.workspace, notice.subject).inc()
        if notice.subject == "profile" and self._is_right(notice):
            return 200
        try:
            return self._keep(notice)
        except (Unavailable, SQLAlchemyError, OSError):
            raise Refusal(503, "unavailable", ("Retry-After", "60")) from None

    def _keep(self, notice: Notice) -> int:
        key, now = self._keys[notice.workspace], self._clock.now()
        if notice.subject != "sent" or self._has_decided(notice):
            self._taking.keep(notice, key, now)
            return 202
        # There is one for every mail that is sent, so nothing of it is kept unless the settings ask for it.
        if self._workspaces[notice.workspace].mails_kept and notice.campaign:
            self._taking.remember(notice, key, now)
        return 200

    def _is_right(self, notice: Notice) -> bool:
        """Whether the profile holds a link of the newest key to itself; then writing one would only make a loop."""
        try:
            link = self._links.open(notice.token or "")
        except BadLink:
            return False
        newest = self._workspaces[notice.workspace].keys[-1][0]
        return (
            link.workspace == notice.workspace and link.key_id == newest and link.profile in notice.profiles
        )

    def _has_decided(self, notice: Notice) -> bool:
        key = self._keys[notice.workspace]
        return any(
            self._glance.ever_decided(notice.workspace, profile.digest(key), SCOPE)
            for profile in notice.profiles
        )

    def _body(self, environ: "WSGIEnvironment") -> bytes:
        declared = environ.get("CONTENT_LENGTH") or ""
        if declared.isdigit() and int(declared) > MOST_BYTES:
            raise Refusal(413, "too-large")
        if not self._readers.acquire(timeout=_PATIENCE_SECONDS):
            raise Refusal(503, "busy", ("Retry-After", "60"))
        try:
            body: bytes = environ["wsgi.input"].read(int(declared) if declared.isdigit() else MOST_BYTES + 1)
        except (OSError, ValueError):
            raise Refusal(400, "unreadable") from None
        finally:
            self._readers.release()
        if len(body) > MOST_BYTES:
            raise Refusal(413, "too-large")
        if declared.isdigit() and len(body) < int(declared):
            raise Refusal(400, "cut-short")
        return body
