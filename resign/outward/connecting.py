"""Connects to the very address that was checked, and holds the whole conversation to one time limit."""

import socket
import time
from collections.abc import Sequence

from resign.outward.addresses import Network, Resolve, addresses_of

# One address that does not answer must leave some time for the next.
_MOST_FOR_ONE = 5.0


class Deadline:
    """So many seconds from now, all steps together: whoever sends a byte now and then does not hold us."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self, most: float | None = None) -> float:
        """Raises TimeoutError when there is none left."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("it took too long")
        return left if most is None else min(left, most)


def connect(
    host: str,
    port: int,
    networks: Sequence[Network],
    deadline: Deadline,
    resolve: Resolve | None = None,
    *,
    public: bool = True,
) -> socket.socket:
    """A connected socket. Raises NotAllowed; OSError (NotFound and TimeoutError are such) where it cannot be reached."""
    failed: OSError | None = None
    seconds = deadline.left(_MOST_FOR_ONE)
    for address in addresses_of(host, port, networks, seconds=seconds, resolve=resolve, public=public):
        try:
            opened = socket.create_connection((address, port), deadline.left(_MOST_FOR_ONE))
        except OSError as error:
            failed = error
        else:
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return opened
    raise failed or OSError("it cannot be reached")
