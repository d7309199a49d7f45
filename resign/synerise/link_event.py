"""Asks Synerise to send somebody their link: a tracked event with the link in it, which an automation turns into a mail."""

import json
from datetime import datetime
from types import TracebackType
from typing import Self

import httpx

from resign.clock import Clock
from resign.outbox.contract import Outcome, Refused, Unreachable
from resign.profile import Kind, Profile
from resign.settings.model import Workspace
from resign.synerise import addresses, calls
from resign.synerise.connection import Connection
from resign.synerise.errors import accepted
from resign.synerise.facts import SOURCE, named, stamp
from resign.synerise.known import if_known

# As events name them, which is not as profiles do (php-sdk f8b9074 `EventBase`).
_CLIENT_KEYS: dict[Kind, str] = {"email": "email", "customId": "customId", "clientId": "id"}
_LABEL = "Opt-out link asked for through resign"
_NAMES_NOBODY = Refused(
    "e-mails are not unique in this Synerise workspace, so an e-mail names no profile there"
)


class LinkEvent:
    """One workspace's. Threads may share it; `timeout` is in seconds, `transport` stands in for the network in tests.

    `action` is another event than the lost link's, for another mail.
    """

    def __init__(
        self,
        workspace: Workspace,
        clock: Clock,
        *,
        connections: int = 2,
        timeout: float = 10.0,
        transport: httpx.BaseTransport | None = None,
        action: str | None = None,
    ) -> None:
        self._action = action or workspace.synerise_link_event
        self._by_email = workspace.synerise_emails == "unique"
        self._clock = clock
        self._connection = Connection(
            workspace, clock, connections=connections, timeout=timeout, transport=transport
        )

    def send(self, profile: Profile, link_url: str, request_id: str, at: datetime) -> Outcome:
        """Accepted, NoSuchProfile, or why not. Never raises. The same `request_id` and `at` are the same event.

        Synerise overwrites an event of the same salt and time and runs no automation again, so that a retry whose
        first try had arrived sends no second mail.
        """
        if profile.kind == "email" and not self._by_email:
            return _NAMES_NOBODY
        try:
            return if_known(
                self._connection, profile, lambda spelled: self._send(spelled, link_url, request_id, at)
            )
        except Exception as fault:  # noqa: BLE001 - whatever went wrong, the request must be tried again
            return Unreachable(f"resign itself failed while it talked to Synerise: {type(fault).__name__}")

    def _send(self, profile: Profile, link_url: str, request_id: str, at: datetime) -> Outcome:
        event = {
            "action": self._action,
            "label": _LABEL,
            "client": {_CLIENT_KEYS[profile.kind]: named(profile)},
            # Synerise replaces a time in the future by its own, and the salt is then worth nothing.
            "time": stamp(min(at, self._clock.now())),
            "eventSalt": f"link-{request_id}",
            "params": {"source": SOURCE, "link": link_url},
        }
        answer = self._connection.ask(calls.EVENT, "POST", addresses.EVENT, json.dumps(event).encode())
        return accepted(answer) if isinstance(answer, httpx.Response) else answer

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
