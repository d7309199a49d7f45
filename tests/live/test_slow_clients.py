"""Slow clients wait for themselves: others are answered meanwhile."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from tests.live.headers import checked
from tests.live.wire import exchange, post, request, wire

# What others may have to wait, on a machine that has other things to do.
SOON = 3.0
# More than there are threads: two processes with 32 each.
MANY = 96


@contextmanager
def trickling(address: tuple[str, int], opening: bytes, drops: bytes, number: int) -> Iterator[None]:
    """`number` clients that have sent `opening` and go on with one byte each 100 ms, for ever."""
    stop = threading.Event()
    with ExitStack() as stack:
        wires = [stack.enter_context(wire(address)) for _ in range(number)]
        for each in wires:
            each.send(opening)

        def trickle() -> None:
            for drop in drops:
                if stop.wait(0.1):
                    return
                for each in wires:
                    with suppress(OSError):  # the server may have had enough of this one
                        each.send(bytes([drop]))

        thread = threading.Thread(target=trickle)
        thread.start()
        try:
            time.sleep(0.5)
            yield
        finally:
            stop.set()
            thread.join()


def others_are_answered(live, times: int = 12) -> None:
    for _ in range(times):
        other = live.somebody()
        began = time.monotonic()
        assert checked(exchange(live.address, request("GET", other.path), patience=SOON)).status == 200
        assert checked(exchange(live.address, post(other.path), patience=SOON)).status == 200
        assert time.monotonic() - began < SOON
        assert len(other.decisions()) == 1


def test_slow_headers_hold_nobody_up(live, anna):
    with trickling(live.address, post(anna.path)[:20], b"a" * 600, MANY):
        others_are_answered(live)


def test_idle_connections_hold_nobody_up(live):
    with ExitStack() as stack:
        for _ in range(3 * MANY):
            stack.enter_context(wire(live.address))
        others_are_answered(live)


def test_some_slow_bodies_hold_nobody_up(live, anna):
    """Fewer than one process has threads: each waits in a thread of its own."""
    opening = post(anna.path, b"", Content_Length="400")
    with trickling(live.address, opening, b"a" * 300, 12):
        others_are_answered(live)


def test_a_stranger_without_a_link_holds_nobody_up(live):
    """Whoever has no link that opens is answered before a byte of the body was asked for."""
    opening = post("/u/k1.no.link", b"", Content_Length="26")
    with trickling(live.address, opening, b"List-Unsubscribe=One-Clic", MANY):
        others_are_answered(live)


def test_slow_bodies_with_a_link_hold_nobody_up_however_many(live, anna):
    """The server has no time limit for bodies; so half of the threads may wait for them, and no more."""
    opening = post(anna.path, b"", Content_Length="400")
    with trickling(live.address, opening, b"a" * 300, MANY):
        others_are_answered(live, 4)


def test_headers_that_do_not_end_are_given_ten_seconds(live):
    with wire(live.address) as connection:
        began = time.monotonic()
        connection.send(request("GET", "/healthz")[:-2])
        assert connection.is_over()
        assert 9 < time.monotonic() - began < 20
