"""Servers of the tests' own, in a thread of the test's process."""

import threading
from socketserver import BaseServer

# The standard library looks twice a second whether it is to stop, and a server that nobody asks would keep its test
# waiting that long.
_LOOKS_EVERY_SECONDS = 0.02


def start(server: BaseServer) -> threading.Thread:
    """It serves until its `shutdown` is called."""
    thread = threading.Thread(target=server.serve_forever, args=(_LOOKS_EVERY_SECONDS,), daemon=True)
    thread.start()
    return thread
