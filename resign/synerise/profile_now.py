"""Looks at a profile while a person waits: quickly, or not at all."""

import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import httpx

from resign.clock import Clock
from resign.outbox.contract import Choice, NoSuchProfile, Outcome
from resign.profile import Profile
from resign.settings.model import Workspace
from resign.synerise import addresses, calls
from resign.synerise.agreement import agreements_of
from resign.synerise.connection import Connection
from resign.synerise.fault import parsed
from resign.synerise.link_writer import refusal

# For each step of a call, and for all of it together: a log-in, a look, an answer that drips.
_SECONDS = 0.5
_SECONDS_IN_ALL = 1.0
# So many may wait for Synerise at once; more, and whoever comes next goes without.
_AT_ONCE = 4
_REST_SECONDS = 30.0


class ProfileNow:
    """One workspace's. After a look that failed nobody waits for half a minute: the page is there without it."""

    def __init__(
        self, workspace: Workspace, clock: Clock, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._agreements = agreements_of(workspace)
        self._connection = Connection(
            workspace, clock, connections=_AT_ONCE, timeout=_SECONDS, transport=transport
        )
        self._workspace = workspace
        self._places = threading.BoundedSemaphore(_AT_ONCE)
        # A thread of its own for each look: only so can the page go on without one that is under way.
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="look")
        self._rests_until = 0.0

    def __call__(self, profile: Profile) -> Mapping[str, Choice]:
        """By agreement what the profile shows; nothing where it shows neither, or could not be seen quickly."""
        if time.monotonic() < self._rests_until or refusal(profile, self._workspace):
            return {}
        if not self._places.acquire(blocking=False):
            return {}
        try:
            look = self._threads.submit(self._look, profile)
        except RuntimeError:  # the process is about to end
            self._places.release()
            return {}
        look.add_done_callback(lambda _: self._places.release())
        try:
            return look.result(_SECONDS_IN_ALL)
        except Exception:  # noqa: BLE001 - whatever it was, the page does without
            return self._rest()

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._connection.close()

    def _look(self, profile: Profile) -> Mapping[str, Choice]:
        answer: httpx.Response | Outcome = self._connection.ask(calls.READ, "GET", addresses.path_of(profile))
        if isinstance(answer, NoSuchProfile):
            return {}
        if not isinstance(answer, httpx.Response):
            return self._rest()
        shown = parsed(answer.content)
        if not isinstance(shown, dict):
            return {}
        found = {name: agreement.found(shown) for name, agreement in self._agreements.items()}
        return {name: choice for name, choice in found.items() if choice is not None}

    def _rest(self) -> Mapping[str, Choice]:
        self._rests_until = time.monotonic() + _REST_SECONDS
        return {}
