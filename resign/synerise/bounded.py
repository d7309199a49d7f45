"""Reads an answer only so far and so long: one that never ends must not fill the memory or hold the worker."""

import time
from collections.abc import Iterable, Iterator

import httpx

# The largest answer that matters is one profile; more than this is cut off, and then is no JSON.
MOST_BYTES = 1 << 20
# A time-out of the client starts anew with every byte that trickles in; this one does not.
_PATIENCE = 3


def bounded(chunks: Iterable[bytes], timeout: float) -> Iterator[bytes]:
    """The first megabyte. `timeout` is the client's, in seconds; a whole body may take three times as long."""
    deadline = time.monotonic() + timeout * _PATIENCE
    left = MOST_BYTES
    for chunk in chunks:
        yield chunk[:left]
        left -= len(chunk)
        if left <= 0:
            return
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout("the answer did not end")
