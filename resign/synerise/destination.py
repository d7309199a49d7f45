"""Synerise as a destination of the outbox: picks the way of telling that the workspace is set to."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import httpx

from resign.clock import Clock
from resign.ledger.requested import is_request
from resign.outbox.contract import Message, Outcome, Refused, Unreachable
from resign.settings.model import Workspace
from resign.synerise.agreement import NATIVE, Agreement, agreements_of
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
    system = "synerise"
    confirms = True
    at_once: int | None = None
    gives_up_after: timedelta | None = None

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
        self._agreements = self._told(workspace)
        self._way: ProfileUpdate | Event | Incoming
        if self._by_profile(workspace):
            self._way = ProfileUpdate(self._connection, self._agreements, workspace.synerise_creates)
        elif workspace.synerise_tell == "event":
            self._way = Event(workspace, clock, self._connection)
        else:
            self._way = Incoming(workspace, self._connection)
        self._read_back = ReadBack(self._connection, self._agreements)
        self.settles_within: timedelta = self._way.settles_within

    @staticmethod
    def _told(workspace: Workspace) -> Mapping[str, Agreement]:
        """The agreements that are told here, by the name that decisions have for them."""
        return {NATIVE: agreements_of(workspace)[NATIVE]}

    @staticmethod
    def _by_profile(workspace: Workspace) -> bool:
        """The way that the workspace is set to is for the native agreement."""
        return workspace.synerise_tell == "profile"

    def hears_of(self, agreement: str) -> bool:
        return agreement == NATIVE

    def parcels(self, messages: Sequence[Message]) -> list[list[Message]]:
        """What will be refused goes alone, so that it spoils nobody else's parcel."""
        hopeless = [[message] for message in messages if self._refusal(message)]
        rest = [message for message in messages if not self._refusal(message)]
        return self._way.parcels(rest) + hopeless

    def deliver(self, parcel: Sequence[Message]) -> Outcome:
        return _without_raising(lambda: self._tell(parcel))

    def read_back(self, message: Message) -> Outcome:
        return _without_raising(
            lambda: self._refusal(message) or self._read_back.of(message),
        )

    def close(self) -> None:
        self._connection.close()

    def _tell(self, parcel: Sequence[Message]) -> Outcome:
        for message in parcel:
            if refused := self._refusal(message):
                return refused
        return self._way.tell(parcel)

    def _refusal(self, message: Message) -> Refused | None:
        return refusal(message, self._workspace, is_told=message.agreement in self._agreements)


class AttributesDestination(SyneriseDestination):
    """The workspace's own agreements, always told by a profile update.

    The event and the incoming integration set off an automation that switches the native agreement, whatever else
    stands in them. And it is a lane of its own: a key that may not write attributes must not hold up the opt-outs.
    """

    name = "synerise-attributes"

    @staticmethod
    def _told(workspace: Workspace) -> Mapping[str, Agreement]:
        return {name: each for name, each in agreements_of(workspace).items() if name != NATIVE}

    @staticmethod
    def _by_profile(workspace: Workspace) -> bool:  # noqa: ARG004 - however the native one is told
        return True

    def hears_of(self, agreement: str) -> bool:
        """Also of one that the settings have no more: it is refused then, where somebody sees it."""
        return agreement != NATIVE and not is_request(agreement)


def _without_raising(act: Callable[[], Outcome]) -> Outcome:
    """A fault of our own must not end the worker's loop: it counts as unreachable, so the message is kept.

    Only the kind of fault is named, because its text may quote an address.
    """
    try:
        return act()
    except Exception as fault:  # noqa: BLE001 - whatever went wrong, the message must be tried again
        return Unreachable(f"resign itself failed while it talked to Synerise: {type(fault).__name__}")
