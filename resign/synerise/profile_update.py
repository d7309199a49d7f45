"""Tells Synerise by updating the profile itself: one by one, or many at once where that creates nobody it must not."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta

import httpx

from resign.outbox.contract import Choice, Message, NoSuchProfile, Outcome, SendAlone
from resign.synerise import addresses, calls
from resign.synerise.agreement import Agreement
from resign.synerise.connection import Connection
from resign.synerise.errors import accepted
from resign.synerise.facts import named
from resign.synerise.uploads import Creates, batches, may_create, may_travel


class ProfileUpdate:
    """202 means that the update waits in Synerise's queue, not that it was done: it is read back afterwards.

    `creates` is whom an upload may bring into being. What people press is told by calls that only update.
    """

    settles_within = timedelta(seconds=30)

    def __init__(
        self, connection: Connection, agreements: Mapping[str, Agreement], creates: Creates = "nobody"
    ) -> None:
        self._connection = connection
        self._creates = creates
        choices: tuple[Choice, ...] = ("opt-out", "opt-in")
        self._bodies = {
            (name, choice): _json(agreement.written(choice))
            for name, agreement in agreements.items()
            for choice in choices
        }

    def parcels(self, messages: Sequence[Message]) -> list[list[Message]]:
        together = [message for message in messages if may_travel(message, self._creates)]
        alone = [[message] for message in messages if not may_travel(message, self._creates)]
        return [*alone, *batches(together, lambda message: len(self._item(message)))]

    def tell(self, parcel: Sequence[Message]) -> Outcome:
        if len(parcel) == 1:
            return self._tell_one(parcel[0])
        if not all(may_travel(message, self._creates) for message in parcel):
            return SendAlone("profiles that must not be created cannot be updated together")
        return self._send(calls.BATCH, addresses.BATCH, self._content(parcel))

    def _tell_one(self, message: Message) -> Outcome:
        body = self._bodies[message.agreement, message.choice]
        outcome = addresses.at_either_spelling(
            message.profile, lambda profile: self._send(calls.UPDATE, addresses.path_of(profile), body)
        )
        if isinstance(outcome, NoSuchProfile) and may_create(message, self._creates):
            return self._send(calls.CREATE, addresses.BATCH, self._content([message]))
        return outcome

    def _send(self, call: calls.Call, path: str, content: bytes) -> Outcome:
        answer = self._connection.ask(call, "POST", path, content)
        return accepted(answer) if isinstance(answer, httpx.Response) else answer

    def _content(self, parcel: Sequence[Message]) -> bytes:
        return b"[" + b",".join(map(self._item, parcel)) + b"]"

    def _item(self, message: Message) -> bytes:
        """The same body with the identifier put in front."""
        who = _json({message.profile.kind: named(message.profile)})
        return who[:-1] + b"," + self._bodies[message.agreement, message.choice][1:]


def _json(content: object) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()
