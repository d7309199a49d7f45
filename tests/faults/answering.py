"""Waits for a process to answer over HTTP."""

import time
from contextlib import suppress
from pathlib import Path

import httpx

_PATIENCE_SECONDS = 90.0
_SAID_MOST = 4_000


def until_it_answers(url: str, log: Path) -> None:
    """Raises TimeoutError with the end of `log` where it does not."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    with httpx.Client(trust_env=False) as client:
        while True:
            with suppress(httpx.TransportError):
                if client.get(url).is_success:
                    return
            if time.monotonic() > deadline:
                raise TimeoutError(
                    f"{url} does not answer; the processes said:\n{log.read_text()[-_SAID_MOST:]}"
                )
            time.sleep(0.05)
