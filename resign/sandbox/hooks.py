"""The outgoing integration: tells a registered address about events, one request per profile."""

import itertools
import queue
import threading
from collections.abc import Callable

from jinja2 import TemplateError

from resign.sandbox.event_log import Record
from resign.sandbox.hook import Hook, read_hook
from resign.sandbox.language import Killed, render
from resign.sandbox.loopback import post
from resign.sandbox.profiles import Profile

_POLL = 0.02
_OUTCOMES_KEPT = 1_000


class Hooks:
    """One worker thread, started with the first hook.

    It also applies what is due, because with nobody looking nothing would change and nothing be told.
    Retries and time-outs of the real one are not documented; the sandbox sends once and waits 10 seconds.
    """

    def __init__(self, settle: Callable[[], float | None], note: Callable[[int, str, int], None]) -> None:
        self._settle = settle
        self._note = note
        self._hooks: tuple[Hook, ...] = ()
        self._wanted: frozenset[str] = frozenset()
        self._queue: queue.SimpleQueue[tuple[Hook, int, bytes]] = queue.SimpleQueue()
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._worker: threading.Thread | None = None

    def add(self, asked: dict[str, object]) -> Hook:
        """ValueError says what is wrong with the request, naming what is allowed."""
        hook = read_hook(asked, next(self._numbers))
        with self._lock:
            self._keep((*self._hooks, hook))
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="sandbox-webhooks", daemon=True)
                self._worker.start()
        return hook

    def clear(self) -> None:
        with self._lock:
            self._keep(())

    def listed(self) -> list[dict[str, object]]:
        return [hook.as_json() for hook in self._hooks]

    def wants(self, *spellings: str) -> bool:
        return not self._wanted.isdisjoint(spellings)

    def offer(self, profile: Profile, action: str, record: Record, agrees: bool) -> None:
        """Renders the body now, as the profile is at this moment, and leaves the sending to the worker.

        `action` is the event's usual name; the record may spell it otherwise, and who waits for either hears.
        """
        for hook in self._hooks:
            if action not in hook.events and record.action not in hook.events:
                continue
            context: dict[str, object] = {"customer": customer_of(profile, agrees), "event": record.as_json()}
            try:
                body = render(hook.body, context, escape=False)
            except (TemplateError, Killed):
                # A body that cannot be made is a request that is not made (Synerise docs, Inserts).
                hook.outcomes.append(0)
            else:
                self._queue.put((hook, profile.client_id, body.encode()))

    def _keep(self, hooks: tuple[Hook, ...]) -> None:
        self._hooks = hooks
        self._wanted = frozenset(action for hook in hooks for action in hook.events)

    def _work(self) -> None:
        while self._goes_on():
            wait = self._settle()
            try:
                hook, client_id, body = self._queue.get(
                    timeout=_POLL if wait is None else max(0.001, min(wait, _POLL))
                )
            except queue.Empty:
                continue
            if hook in self._hooks:
                self._send(hook, client_id, body)

    def _goes_on(self) -> bool:
        """The thread ends with the last hook; the next registration starts another."""
        with self._lock:
            if self._hooks:
                return True
            self._worker = None
            return False

    def _send(self, hook: Hook, client_id: int, body: bytes) -> None:
        heard = post(hook.url, body, hook.sent_headers())
        hook.sent += 1
        hook.outcomes = [*hook.outcomes[1 - _OUTCOMES_KEPT :], heard.status]
        # Synerise logs the outcome on the profile, as `webhook.response` unless it was renamed.
        self._note(client_id, hook.url, heard.status)


def customer_of(profile: Profile, agrees: bool) -> dict[str, object]:
    """What `customer` holds in an insert: the attributes, and the native values under their insert names."""
    identifiers = profile.identifiers
    return {
        **profile.attributes,
        "email": identifiers.get("email", ""),
        # customId is called custom_identify in Synerise's interface.
        "custom_identify": identifiers.get("customId", ""),
        "firstname": profile.fields.get("firstName", ""),
        "lastname": profile.fields.get("lastName", ""),
        "newsletter_agreement": "enabled" if agrees else "disabled",
    }
