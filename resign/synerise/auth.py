"""Signs calls in: by a log-in whose token is kept and renewed in time, or by Basic."""

import base64
import threading
from collections.abc import Callable, Generator

import httpx

from resign.clock import Clock
from resign.outbox.contract import Outcome, Unreachable
from resign.synerise.calls import LOG_IN
from resign.synerise.errors import outcome_of, took
from resign.synerise.fault import parsed
from resign.synerise.token import Token

# Which of the two an expired token gets is told in two ways by Synerise's docs, so both mean "log in again".
_DENIED = frozenset({401, 403})


class LogInFailed(Exception):
    """The log-in did not give a token; `outcome` says what that means for the message."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(type(outcome).__name__)
        self.outcome = outcome


class LogIn(httpx.Auth):
    """A token for all threads. It is renewed ahead of its end, and once more when a call is denied.

    One thread logs in at a time. The others wait for it and share what it got, a failure included: were each
    to try for itself, sixteen threads would wait out sixteen time-outs one after the other.
    """

    def __init__(self, request: Callable[[], httpx.Request], clock: Clock) -> None:
        """`request` makes the request of a log-in, time-outs and all."""
        self.request = request
        self._clock = clock
        self._turn = threading.Lock()
        self._token: Token | None = None
        self._ended = 0
        self._failure: Outcome | None = None

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        token = self._token
        if token is None or token.is_due(self._clock.now()):
            token = yield from self._renew(token)
        request.headers["Authorization"] = token.header
        response = yield request
        if response.status_code not in _DENIED:
            return
        # Read to its end, which gives its connection back: otherwise the threads that wait for the log-in
        # could hold every connection of the pool, and the log-in itself would get none.
        response.read()
        token = yield from self._renew(token)
        request.headers["Authorization"] = token.header
        yield request

    def token_in(self, response: httpx.Response) -> Token:
        """The token of a log-in's answer; raises LogInFailed."""
        response.read()
        if not took(response):
            raise LogInFailed(outcome_of(response, LOG_IN, self._clock.now(), "login"))
        content = parsed(response.content)
        token = Token.of(content.get("token"), self._clock.now()) if isinstance(content, dict) else None
        if token is None:
            # Rather a gateway's page than Synerise; it may be gone in a minute, so nothing is held up for ever.
            raise LogInFailed(Unreachable("the log-in's answer holds no token; check RESIGN_SYNERISE_URL"))
        return token

    def _renew(self, stale: Token | None) -> Generator[httpx.Request, httpx.Response, Token]:
        ended = self._ended
        with self._turn:
            if self._token is not None and self._token is not stale:
                return self._token
            if self._ended != ended and self._failure is not None:
                raise LogInFailed(self._failure)
            # Stands if the network fails: then httpx closes this generator, and nothing below is reached.
            self._failure = Unreachable(f"no answer from Synerise to {LOG_IN.what}")
            try:
                self._token = self.token_in((yield self.request()))
                self._failure = None
            except LogInFailed as failed:
                self._failure = failed.outcome
                raise
            finally:
                self._ended += 1
            return self._token


class Basic(httpx.Auth):
    """The workspace's GUID and the API key on every call; Basic must be enabled for the key in Synerise."""

    def __init__(self, workspace_guid: str, api_key: str) -> None:
        credentials = base64.b64encode(f"{workspace_guid}:{api_key}".encode()).decode()
        self._header = f"Basic {credentials}"

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = self._header
        yield request
