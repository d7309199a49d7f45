"""Tells Synerise by a tracked event, on which the marketer's automation switches the agreement."""

import json
from collections.abc import Sequence
from datetime import timedelta

import httpx

from resign.clock import Clock
from resign.outbox.contract import Message, Outcome, SendAlone
from resign.profile import Kind, Profile
from resign.settings.model import Workspace
from resign.synerise import addresses, calls
from resign.synerise.connection import Connection
from resign.synerise.errors import accepted
from resign.synerise.facts import facts_of, named, salt_of, stamp
from resign.synerise.known import if_known

# Required by Synerise, and not stored there.
_LABELS = {"opt-out": "Opt-out through resign", "opt-in": "Opt-in through resign"}
_CLIENT_KEYS: dict[Kind, str] = {"email": "email", "customId": "customId", "clientId": "id"}


class Event:
    """An event that was taken says nothing of the automation, which may be stopped: only reading back does.

    Events are sent one by one: the batch of events wants a `type` whose meaning is not documented.
    """

    settles_within = timedelta(minutes=10)

    def __init__(self, workspace: Workspace, clock: Clock, connection: Connection) -> None:
        self._actions = {
            "opt-out": workspace.synerise_event,
            "opt-in": workspace.synerise_undo_event,
        }
        self._clock = clock
        self._connection = connection

    def parcels(self, messages: Sequence[Message]) -> list[list[Message]]:
        return [[message] for message in messages]

    def tell(self, parcel: Sequence[Message]) -> Outcome:
        if len(parcel) != 1:
            return SendAlone("events are sent one by one")
        message = parcel[0]
        return if_known(self._connection, message.profile, lambda profile: self._send(message, profile))

    def _send(self, message: Message, profile: Profile) -> Outcome:
        content = json.dumps(self._event(message, profile)).encode()
        answer = self._connection.ask(calls.EVENT, "POST", addresses.EVENT, content)
        return accepted(answer) if isinstance(answer, httpx.Response) else answer

    def _event(self, message: Message, profile: Profile) -> dict[str, object]:
        """`time` and `params` are always sent: one of the generated clients marks them as required."""
        return {
            "action": self._actions[message.choice],
            "label": _LABELS[message.choice],
            "client": {_CLIENT_KEYS[profile.kind]: named(profile)},
            "time": self._time(message),
            "eventSalt": salt_of(message),
            "params": facts_of(message),
        }

    def _time(self, message: Message) -> str:
        """The decision's own time, so that a retry is the same event; now, if it is told anew.

        Never later than now: Synerise replaces a future time by its own, and the salt is then worth nothing.
        """
        now = self._clock.now()
        return stamp(now if message.tellings else min(message.decided_at, now))
