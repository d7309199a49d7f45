"""Keeps a fixed number of connections open, and lends each to one call at a time."""

import queue
import ssl
import threading
from collections.abc import Callable, Iterator
from functools import cache

import httpx

from resign.synerise.bounded import bounded

# Long enough that a steady trickle of opt-outs needs no new handshake for each.
_KEPT_ALIVE = 30.0


class Pool(httpx.BaseTransport):
    """`timeout` in seconds: how long a call waits for its turn, and the measure of how long an answer may take.

    httpcore's own pool is not shared between threads: it looks whether an idle connection was hung up on by
    asking if it is readable, and if another thread has put it to use in between, it closes it under that
    thread (seen with httpcore 1.0.9; the call then ends in a time-out). So each connection is a transport of
    its own, and nobody looks at one that is lent. The last one given back is lent first: it is the warmest.
    """

    def __init__(self, connections: int, timeout: float, network: httpx.BaseTransport | None = None) -> None:
        self._timeout = timeout
        self._lines = [network] if network else _lines(connections)
        self._free: queue.LifoQueue[httpx.BaseTransport] = queue.LifoQueue()
        for line in self._lines * (connections if network else 1):
            self._free.put(line)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            line = self._free.get(timeout=self._timeout)
        except queue.Empty:
            raise httpx.PoolTimeout("every connection was in use", request=request) from None
        give_back = _once(lambda: self._free.put(line))
        try:
            response = line.handle_request(request)
            # Compression was declined; what comes packed all the same is left packed, and then is no JSON.
            response.headers.pop("content-encoding", None)
            # The client would keep cookies for ever, of any number and size, and send none of them.
            response.headers.pop("set-cookie", None)
            if isinstance(response.stream, httpx.SyncByteStream):
                response.stream = _Lent(response.stream, give_back, self._timeout)
            if response.is_closed:
                give_back()
        except BaseException:
            give_back()
            raise
        return response

    def close(self) -> None:
        for line in self._lines:
            line.close()


class _Lent(httpx.SyncByteStream):
    """An answer's body; when it is closed, read or unread, the connection is free again."""

    def __init__(self, stream: httpx.SyncByteStream, give_back: Callable[[], None], timeout: float) -> None:
        self._stream = stream
        self._give_back = give_back
        self._timeout = timeout

    def __iter__(self) -> Iterator[bytes]:
        return bounded(self._stream, self._timeout)

    def close(self) -> None:
        try:
            self._stream.close()
        finally:
            self._give_back()


def _lines(connections: int) -> list[httpx.BaseTransport]:
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=_KEPT_ALIVE)
    return [httpx.HTTPTransport(verify=_certificates(), limits=limits) for _ in range(connections)]


@cache
def _certificates() -> ssl.SSLContext:
    """Read once for all workspaces and what asks for them: reading them takes longer than most calls."""
    return httpx.create_ssl_context(trust_env=False)


def _once(act: Callable[[], None]) -> Callable[[], None]:
    lock = threading.Lock()

    def first_time() -> None:
        if lock.acquire(blocking=False):
            act()

    return first_time
