"""The outgoing integration: tells a registered address about events, one request per profile."""

import itertools
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from jinja2 import TemplateError

from resign.sandbox.event_log import Record
from resign.sandbox.language import Killed, render
from resign.sandbox.loopback import check_loopback, post
from resign.sandbox.profiles import Profile

DEFAULT_EVENTS = ("marketingAgreement.turnOff", "marketingAgreement.turnOn", "profile.updated")
# Inserts without escaping, as in Synerise's own editor: a quotation mark in an attribute breaks the JSON.
DEFAULT_BODY = (
    '{"email":"{{ customer.email }}","customId":"{{ customer.custom_identify }}","action":"{{ event.action }}",'
    '"method":"{{ event.params.method }}","campaign":"{{ event.params.campaignName }}"}'
)
_POLL = 0.02
_OUTCOMES_KEPT = 1_000


@dataclass(slots=True)
class Hook:
    number: int
    url: str
    token: str
    events: tuple[str, ...] = DEFAULT_EVENTS
    body: str = DEFAULT_BODY
    sent: int = 0
    outcomes: list[int] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """The token stays out: a view is no place for a secret."""
        return {
            "id": self.number,
            "url": self.url,
            "events": list(self.events),
            "body": self.body,
            "sent": self.sent,
            "outcomes": self.outcomes,
        }


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

    def add(
        self, url: str, token: str, events: tuple[str, ...] = DEFAULT_EVENTS, body: str = DEFAULT_BODY
    ) -> Hook:
        """NotLoopback where the address is not on this machine."""
        check_loopback(url)
        hook = Hook(next(self._numbers), url, token, events, body)
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

    def wants(self, action: str) -> bool:
        return action in self._wanted

    def offer(self, profile: Profile, record: Record, agrees: bool) -> None:
        """Renders the body now, as the profile is at this moment, and leaves the sending to the worker."""
        for hook in self._hooks:
            if record.action not in hook.events:
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
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {hook.token}"}
        heard = post(hook.url, body, headers)
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
