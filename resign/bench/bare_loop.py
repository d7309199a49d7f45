"""The bare loop that the worker is compared with: the same requests, as many at once, and no database."""

import sys
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx

from resign.bench.fault import BenchFault
from resign.bench.sandbox import log_in
from resign.bench.system import person

_BODY = b'{"agreements":{"email":false}}'
# The worker's own first look: sooner, and the write might not have been applied yet.
_LOOK_AFTER = 0.3
_HEADERS = (
    ("Api-Version", "4.4"),
    ("Accept", "application/json"),
    ("Accept-Encoding", "identity"),
    ("Content-Type", "application/json"),
    ("User-Agent", "resign"),
)


class BareLoop:
    """Tells Synerise of everybody and reads each profile back, a fixed number of threads at it."""

    def __init__(self, address: str, api_key: str, first: int, count: int, threads: int) -> None:
        self._address = f"{address}/v4/clients/by-email/"
        self._headers = [*_HEADERS, ("Authorization", f"Bearer {log_in(address, api_key)}")]
        self._untold = deque(person(number) for number in range(first, first + count))
        self._told: deque[tuple[float, str]] = deque()
        self._left = count
        self._mutex = threading.Lock()
        self._threads = threads
        limits = httpx.Limits(max_connections=threads, max_keepalive_connections=threads)
        network = httpx.HTTPTransport(limits=limits, trust_env=False)
        self._client = httpx.Client(transport=network, trust_env=False)

    def run(self) -> float:
        """Seconds from the first request to the last confirmation."""
        began = time.monotonic()
        with self._client, ThreadPoolExecutor(self._threads) as pool:
            for working in [pool.submit(self._work) for _ in range(self._threads)]:
                working.result()
        return time.monotonic() - began

    def _work(self) -> None:
        while (asked := self._next()) is not None:
            kind, who = asked
            if kind == "tell":
                self._ask("POST", who, _BODY)
                self._told.append((time.monotonic() + _LOOK_AFTER, who))
            elif kind == "look":
                if self._ask("GET", who).json()["agreements"]["email"] is not False:
                    raise BenchFault("the sandbox had not applied a write in time")
            else:
                time.sleep(0.005)

    def _next(self) -> tuple[str, str] | None:
        with self._mutex:
            if self._told and self._told[0][0] <= time.monotonic():
                self._left -= 1
                return "look", self._told.popleft()[1]
            if self._untold:
                return "tell", self._untold.popleft()
            return ("wait", "") if self._left else None

    def _ask(self, method: str, who: str, content: bytes | None = None) -> httpx.Response:
        request = httpx.Request(
            method, self._address + quote(who, safe=""), headers=self._headers, content=content
        )
        answer = self._client.send(request)
        if not answer.is_success:
            raise BenchFault(f"the sandbox answered {answer.status_code}")
        return answer


if __name__ == "__main__":
    # In a process of its own, as the worker is; the seconds are what it prints.
    _address, _key, *_numbers = sys.argv[1:]
    _first, _count, _many = map(int, _numbers)
    sys.stdout.write(f"{BareLoop(_address, _key, _first, _count, _many).run()}\n")
