"""Looks at a profile because somebody asks for it and waits: what it shows of each agreement, or why that cannot be known."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import httpx

from resign.clock import Clock
from resign.outbox.contract import Busy, Choice, NoSuchProfile, Outcome, Unreachable
from resign.profile import Profile
from resign.settings.model import Workspace
from resign.synerise import addresses, calls
from resign.synerise.agreement import agreements_of
from resign.synerise.connection import Connection
from resign.synerise.fault import parsed
from resign.synerise.link_writer import refusal

_AT_ONCE = 4


class ProfileLook:
    """One workspace's. `seconds` are for all of it together: a log-in, a look, an answer that drips."""

    def __init__(
        self,
        workspace: Workspace,
        clock: Clock,
        *,
        seconds: float = 5.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._workspace = workspace
        self._agreements = agreements_of(workspace)
        self._seconds = seconds
        self._clock, self._transport = clock, transport
        self._places = threading.BoundedSemaphore(_AT_ONCE)
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="check")

    def __call__(self, profile: Profile) -> Mapping[str, Choice | None] | Outcome:
        """By agreement what the profile shows, None where it shows neither. Never raises."""
        if refused := refusal(profile, self._workspace):
            return refused
        if not self._places.acquire(blocking=False):
            return Busy(reason="others are looking at profiles")
        try:
            look = self._threads.submit(self._look, profile)
        except RuntimeError:  # the process is about to end
            self._places.release()
            return Unreachable("the console is stopping")
        look.add_done_callback(lambda _: self._places.release())
        try:
            return look.result(self._seconds)
        except Exception as fault:  # noqa: BLE001 - whatever it was, it is said that nothing could be seen
            return Unreachable(type(fault).__name__)

    @cached_property
    def _connection(self) -> Connection:
        """Made when somebody first asks: most consoles have workspaces that nobody asks about."""
        return Connection(
            self._workspace,
            self._clock,
            connections=_AT_ONCE,
            timeout=self._seconds,
            transport=self._transport,
        )

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._connection.close()

    def _look(self, profile: Profile) -> Mapping[str, Choice | None] | Outcome:
        answer = self._connection.ask(calls.READ, "GET", addresses.path_of(profile))
        if isinstance(answer, NoSuchProfile) and profile.folded != profile.value:
            # As it is told: an address that is unknown so is asked for once more in small letters.
            small = Profile(profile.kind, profile.folded)
            answer = self._connection.ask(calls.READ, "GET", addresses.path_of(small))
        if not isinstance(answer, httpx.Response):
            return answer
        shown = parsed(answer.content)
        if not isinstance(shown, dict):
            return Unreachable("Synerise answered with something that is not a profile")
        return {name: agreement.found(shown) for name, agreement in self._agreements.items()}
