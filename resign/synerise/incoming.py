"""Tells Synerise through an incoming integration, whose workflow switches the agreement."""

import json
from collections.abc import Sequence
from datetime import timedelta

import httpx

from resign.outbox.contract import Message, Misconfigured, Outcome, SendAlone
from resign.profile import Profile
from resign.settings.model import Workspace
from resign.synerise import calls
from resign.synerise.connection import Connection
from resign.synerise.errors import accepted
from resign.synerise.facts import facts_of, named, salt_of, stamp
from resign.synerise.known import if_known

_ELSEWHERE = Misconfigured(
    "RESIGN_SYNERISE_INCOMING_URL is not an address on the host of RESIGN_SYNERISE_URL, and the log-in's token "
    "is sent to no other; copy it from the Incoming Integration node again, without a user name in it"
)


class Incoming:
    """The token of the log-in goes along, so the address must be on the very host that issued it.

    Synerise says that the address is on its API host (hub.synerise.com, Incoming Integration node); anything
    else is taken for a mistake that would give the key to the workspace away. How long a deduplication hash is
    remembered is not documented: each telling anew has its own, and a retry that acts twice is harmless.
    """

    settles_within = timedelta(minutes=10)

    def __init__(self, workspace: Workspace, connection: Connection) -> None:
        self._path = incoming_path(workspace)
        self._connection = connection

    def parcels(self, messages: Sequence[Message]) -> list[list[Message]]:
        return [[message] for message in messages]

    def tell(self, parcel: Sequence[Message]) -> Outcome:
        if self._path is None:
            return _ELSEWHERE
        if len(parcel) != 1:
            return SendAlone("the incoming integration takes one decision at a time")
        message, path = parcel[0], self._path
        return if_known(self._connection, message.profile, lambda profile: self._send(message, profile, path))

    def _send(self, message: Message, profile: Profile, path: str) -> Outcome:
        content = json.dumps(_document(message, profile)).encode()
        headers = [("X-Deduplication-Hash", salt_of(message))]
        answer = self._connection.ask(calls.INCOMING, "POST", path, content, headers)
        return accepted(answer) if isinstance(answer, httpx.Response) else answer


def incoming_path(workspace: Workspace) -> str | None:
    """What follows the host in the integration's address; None where the host is not Synerise's."""
    try:
        given = httpx.URL(workspace.synerise_incoming_url or "")
    except httpx.InvalidURL:
        return None
    if given.userinfo or _origin(given) != _origin(httpx.URL(workspace.synerise_url)):
        return None
    return given.raw_path.decode("ascii")


def _origin(address: httpx.URL) -> tuple[str, str, int | None]:
    # httpx drops the port where it is the scheme's own.
    return address.scheme, address.host, address.port


def _document(message: Message, profile: Profile) -> dict[str, object]:
    """Flat, because Synerise flattens what is nested."""
    return {
        profile.kind: named(profile),
        "decidedAt": stamp(message.decided_at),
        **facts_of(message),
    }
