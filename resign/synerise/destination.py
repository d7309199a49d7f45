"""Synerise as a destination of the outbox: picks the way of telling that the workspace is set to."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import httpx

from resign.clock import Clock
from resign.outbox.contract import Message, Outcome, Unreachable
from resign.settings.model import Workspace
from resign.synerise.agreement import Agreement
from resign.synerise.connection import Connection
from resign.synerise.event import Event
from resign.synerise.incoming import Incoming
from resign.synerise.profile_update import ProfileUpdate
from resign.synerise.read_back import ReadBack
from resign.synerise.refusals import refusal


class SyneriseDestination:
    """Threads may share it. `timeout` is in seconds, for each step of a call; `connections` are kept and pooled.

    `transport` stands in for the network in tests.
    """

    name = "synerise"
    confirms = True

    def __init__(
        self,
        workspace: Workspace,
        clock: Clock,
        *,
        connections: int = 16,
        timeout: float = 10.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._workspace = workspace
        self._connection = Connection(
            workspace, clock, connections=connections, timeout=timeout, transport=transport
        )
        self._way = _way(workspace, clock, self._connection)
        self._read_back = ReadBack(self._connection, Agreement(workspace))
        self.settles_within: timedelta = self._way.settles_within

    def parcels(self, messages: Sequence[Message]) -> list[list[Message]]:
        """What will be refused goes alone, so that it spoils nobody else's parcel."""
        hopeless = [[message] for message in messages if refusal(message, self._workspace)]
        rest = [message for message in messages if not refusal(message, self._workspace)]
        return self._way.parcels(rest) + hopeless

    def deliver(self, parcel: Sequence[Message]) -> Outcome:
        return _without_raising(lambda: self._tell(parcel))

    def read_back(self, message: Message) -> Outcome:
        return _without_raising(
            lambda: refusal(message, self._workspace) or self._read_back.of(message),
        )

    def close(self) -> None:
        self._connection.close()

    def _tell(self, parcel: Sequence[Message]) -> Outcome:
        for message in parcel:
            if refused := refusal(message, self._workspace):
                return refused
        return self._way.tell(parcel)


def _way(workspace: Workspace, clock: Clock, connection: Connection) -> ProfileUpdate | Event | Incoming:
    if workspace.synerise_tell == "event":
        return Event(workspace, clock, connection)
    if workspace.synerise_tell == "incoming":
        return Incoming(workspace, connection)
    return ProfileUpdate(connection, Agreement(workspace))


def _without_raising(act: Callable[[], Outcome]) -> Outcome:
    """A fault of our own must not end the worker's loop: it counts as unreachable, so the message is kept.

    Only the kind of fault is named, because its text may quote an address.
    """
    try:
        return act()
    except Exception as fault:  # noqa: BLE001 - whatever went wrong, the message must be tried again
        return Unreachable(f"resign itself failed while it talked to Synerise: {type(fault).__name__}")
