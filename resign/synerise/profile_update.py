"""Tells Synerise by updating the profile itself: one by one, or many at once where that can create nobody."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta

import httpx

from resign.outbox.contract import Choice, Message, Outcome, SendAlone
from resign.synerise import addresses, calls
from resign.synerise.agreement import Agreement
from resign.synerise.connection import Connection
from resign.synerise.errors import accepted

# "Cannot contain more than 1000 items or exceed 1 MB" (php-sdk f8b9074, `BatchRequestBuilder`). Whether that
# is 10^6 or 2^20 bytes is not documented; the smaller is safe.
MOST_ITEMS = 1_000
MOST_BYTES = 1_000_000
_BRACKETS_AND_COMMA = 2


class ProfileUpdate:
    """202 means that the update waits in Synerise's queue, not that it was done: it is read back afterwards.

    Only calls that update are used. The batch creates a profile for an e-mail or customId that nobody has, for
    instance of a person who was erased; only an item with nothing but a clientId never does (php-sdk f8b9074
    `lib/V4/Clients/Batch/Batch.php`), so only those travel together.
    """

    settles_within = timedelta(seconds=30)

    def __init__(self, connection: Connection, agreements: Mapping[str, Agreement]) -> None:
        self._connection = connection
        choices: tuple[Choice, ...] = ("opt-out", "opt-in")
        self._bodies = {
            (name, choice): _json(agreement.written(choice))
            for name, agreement in agreements.items()
            for choice in choices
        }

    def parcels(self, messages: Sequence[Message]) -> list[list[Message]]:
        """A profile is in a batch once at most: in which order a batch is worked off is not documented."""
        parcels: list[list[Message]] = []
        batch: list[Message] = []
        named: set[str] = set()
        size = 0
        for message in messages:
            number = message.profile.value
            if message.profile.kind != "clientId" or message.alone or number in named:
                parcels.append([message])
                continue
            more = len(self._item(message)) + _BRACKETS_AND_COMMA
            if len(batch) == MOST_ITEMS or (batch and size + more > MOST_BYTES):
                parcels.append(batch)
                batch, size = [], 0
            batch.append(message)
            named.add(number)
            size += more
        return [*parcels, batch] if batch else parcels

    def tell(self, parcel: Sequence[Message]) -> Outcome:
        if len(parcel) == 1:
            message = parcel[0]
            body = self._bodies[message.agreement, message.choice]
            return addresses.at_either_spelling(
                message.profile, lambda profile: self._send(calls.UPDATE, addresses.path_of(profile), body)
            )
        if any(message.profile.kind != "clientId" for message in parcel):
            return SendAlone("only profiles named by a clientId can be updated together")
        items = b",".join(map(self._item, parcel))
        return self._send(calls.BATCH, addresses.BATCH, b"[" + items + b"]")

    def _send(self, call: calls.Call, path: str, content: bytes) -> Outcome:
        answer = self._connection.ask(call, "POST", path, content)
        return accepted(answer) if isinstance(answer, httpx.Response) else answer

    def _item(self, message: Message) -> bytes:
        """The same body with the clientId put in front: a number, as Synerise wants it."""
        return (
            b'{"clientId":%d,' % int(message.profile.value)
            + self._bodies[message.agreement, message.choice][1:]
        )


def _json(content: object) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()
