"""One pooled client per workspace: signs each call in, sends it, and gives back an answer or an outcome."""

from collections.abc import Iterable
from http.cookiejar import DefaultCookiePolicy
from types import TracebackType
from typing import Self

import httpx

from resign.clock import Clock
from resign.outbox.contract import Outcome
from resign.settings.model import Workspace
from resign.synerise import addresses
from resign.synerise.auth import Basic, LogIn, LogInFailed
from resign.synerise.bounded import BoundedTransport
from resign.synerise.calls import LOG_IN, Call
from resign.synerise.errors import outcome_of, took, unreachable

# Built once. Compression is declined so that a small answer cannot unfold into a large one.
HEADERS = (
    ("Api-Version", "4.4"),
    ("Accept", "application/json"),
    ("Accept-Encoding", "identity"),
    ("Content-Type", "application/json"),
    ("User-Agent", "resign"),
)
# Long enough that a steady trickle of opt-outs needs no new handshake for each.
_KEPT_ALIVE = 30.0


class Connection:
    """Redirects are not followed, proxies of the environment are not used, and no cookie is kept."""

    def __init__(
        self,
        workspace: Workspace,
        clock: Clock,
        *,
        connections: int = 16,
        timeout: float = 10.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._origin = workspace.synerise_url
        self._clock = clock
        self._scheme = workspace.synerise_auth
        self._log_in = LogIn(
            httpx.URL(self._origin + addresses.LOG_IN), HEADERS, workspace.synerise_api_key, clock
        )
        self._usual: httpx.Auth = self._log_in
        if workspace.synerise_auth == "basic":
            self._usual = Basic(workspace.synerise_workspace_guid or "", workspace.synerise_api_key)
        limits = httpx.Limits(
            max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=_KEPT_ALIVE
        )
        network = transport or httpx.HTTPTransport(limits=limits, trust_env=False)
        self._client = httpx.Client(
            transport=BoundedTransport(network, timeout),
            timeout=httpx.Timeout(timeout),
            follow_redirects=False,
            trust_env=False,
        )
        self._client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=()))

    def ask(
        self,
        call: Call,
        method: str,
        path: str,
        content: bytes | None = None,
        headers: Iterable[tuple[str, str]] = (),
    ) -> httpx.Response | Outcome:
        """The answer where the call was taken whole, otherwise its outcome. `path` begins with a slash."""
        # Not through `Client.build_request`: merging the client's own headers costs more than it gives.
        request = httpx.Request(method, self._origin + path, headers=[*HEADERS, *headers], content=content)
        auth = self._log_in if call.by_token else self._usual
        try:
            response = self._client.send(request, auth=auth)
        except LogInFailed as failed:
            return failed.outcome
        except httpx.RequestError as fault:
            return unreachable(call, fault)
        if took(response):
            return response
        scheme = "login" if call.by_token else self._scheme
        return outcome_of(response, call, self._clock.now(), scheme)

    def log_in(self) -> Outcome | None:
        """Logs in for the sake of it: None where that works, otherwise why it does not."""
        try:
            self._log_in.token_in(self._client.send(self._log_in.request()))
        except LogInFailed as failed:
            return failed.outcome
        except httpx.RequestError as fault:
            return unreachable(LOG_IN, fault)
        return None

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
