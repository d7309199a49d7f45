"""Reads an answer only so far and so long: one that never ends must not fill the memory or hold the worker."""

import time
from collections.abc import Iterator

import httpx

# The largest answer that matters is one profile; more than this is cut off, and then is no JSON.
MOST_BYTES = 1 << 20
# A time-out of the client starts anew with every byte that trickles in; this one does not.
_PATIENCE = 3


class BoundedTransport(httpx.BaseTransport):
    """`timeout` is the client's, in seconds; a whole body may take three times as long."""

    def __init__(self, network: httpx.BaseTransport, timeout: float) -> None:
        self._network = network
        self._seconds = timeout * _PATIENCE

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._network.handle_request(request)
        # Compression was declined; what comes packed all the same is left packed, and then is no JSON.
        response.headers.pop("content-encoding", None)
        if isinstance(response.stream, httpx.SyncByteStream):
            response.stream = _Bounded(response.stream, self._seconds)
        return response

    def close(self) -> None:
        self._network.close()


class _Bounded(httpx.SyncByteStream):
    def __init__(self, stream: httpx.SyncByteStream, seconds: float) -> None:
        self._stream = stream
        self._deadline = time.monotonic() + seconds

    def __iter__(self) -> Iterator[bytes]:
        left = MOST_BYTES
        for chunk in self._stream:
            yield chunk[:left]
            left -= len(chunk)
            if left <= 0:
                return
            if time.monotonic() > self._deadline:
                raise httpx.ReadTimeout("the answer did not end")

    def close(self) -> None:
        self._stream.close()
