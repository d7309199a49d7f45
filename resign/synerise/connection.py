"""One client per workspace: signs each call in, sends it, and gives back an answer or an outcome."""

import json
from collections.abc import Iterable
from types import TracebackType
from typing import Self

import httpx

from resign.clock import Clock
from resign.outbox.contract import Outcome
from resign.settings.model import Workspace
from resign.synerise import addresses
from resign.synerise.auth import Basic, LogIn, LogInFailed
from resign.synerise.calls import LOG_IN, Call
from resign.synerise.errors import outcome_of, took, unreachable
from resign.synerise.pool import Pool

# Built once. Compression is declined so that a small answer cannot unfold into a large one.
_HEADERS = (
    ("Api-Version", "4.4"),
    ("Accept", "application/json"),
    ("Accept-Encoding", "identity"),
    ("Content-Type", "application/json"),
    ("User-Agent", "resign"),
)


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
        self._time_out = {"timeout": httpx.Timeout(timeout).as_dict()}
        key = json.dumps({"apiKey": workspace.synerise_api_key}).encode()
        self._log_in = LogIn(lambda: self._request("POST", addresses.LOG_IN, key), clock)
        self._usual: httpx.Auth = self._log_in
        if workspace.synerise_auth == "basic":
            self._usual = Basic(workspace.synerise_workspace_guid or "", workspace.synerise_api_key)
        self._client = httpx.Client(
            transport=Pool(connections, timeout, transport), follow_redirects=False, trust_env=False
        )

    def ask(
        self,
        call: Call,
        method: str,
        path: str,
        content: bytes | None = None,
        headers: Iterable[tuple[str, str]] = (),
    ) -> httpx.Response | Outcome:
        """The answer where the call was taken whole, otherwise its outcome. `path` begins with a slash."""
        auth = self._log_in if call.by_token else self._usual
        try:
            response = self._client.send(self._request(method, path, content, headers), auth=auth)
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

    def _request(
        self, method: str, path: str, content: bytes | None, headers: Iterable[tuple[str, str]] = ()
    ) -> httpx.Request:
        """Not by the client's `build_request`, which merges its own headers and cookies at a cost.

        The time-outs are on the request itself: httpx gives the client's to the call, not to its log-in.
        """
        return httpx.Request(
            method,
            self._origin + path,
            headers=[*_HEADERS, *headers],
            content=content,
            extensions=dict(self._time_out),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
