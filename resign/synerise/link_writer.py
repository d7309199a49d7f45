"""Writes links' tokens into profiles as an attribute, many at once or one by one, and reads what it holds."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from json.encoder import encode_basestring_ascii as quoted
from typing import TypeVar

import httpx

from resign.clock import Clock
from resign.outbox.contract import Accepted, Outcome, Refused, SendAlone, Unreachable
from resign.profile import KINDS, BadProfile, Profile
from resign.settings.model import Workspace
from resign.synerise import addresses, calls
from resign.synerise.connection import Connection
from resign.synerise.errors import accepted
from resign.synerise.fault import parsed

# "Cannot contain more than 1000 items or exceed 1 MB" (php-sdk f8b9074, `BatchRequestBuilder`). Whether that
# is 10^6 or 2^20 bytes is not documented; the smaller is safe.
MOST_ITEMS = 1_000
MOST_BYTES = 1_000_000

_EMAIL_NAMES_NOBODY = Refused(
    "e-mails are not unique in this Synerise workspace, so an e-mail names no profile there; give a customId "
    "or clientId"
)
_CLIMBS = Refused(
    "the identifier has a part that is only dots, which an address cannot carry, so an opt-out could not be "
    "told; give the profile another customId"
)
_TOO_MUCH = SendAlone(f"a batch has at most {MOST_ITEMS} items and {MOST_BYTES} bytes")

Answered = TypeVar("Answered")


@dataclass(frozen=True, slots=True)
class Held:
    """What the attribute of a profile holds now; None where it is absent or no text."""

    token: str | None = field(repr=False)
    # Everything that Synerise names the profile by: its link may be minted for any of these.
    profiles: frozenset[Profile] = field(default=frozenset(), repr=False, compare=False)


def refusal(profile: Profile, workspace: Workspace) -> Refused | None:
    """Why a link can never be written for this profile, or None. Nothing of the identifier is quoted."""
    if profile.kind == "email" and workspace.synerise_emails == "non-unique":
        return _EMAIL_NAMES_NOBODY
    if profile.kind == "customId" and {".", ".."} & set(re.split(r"[/\\]", profile.value)):
        return _CLIMBS
    return None


class LinkWriter:
    """Threads may share it; it never raises. `timeout` is in seconds, for each step of a call.

    Accepted means that the write waits in Synerise's queue, not that it was done. `transport` stands in for the
    network in tests.
    """

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
        self._attribute = workspace.link_attribute
        self._attributes = f'"attributes":{{{json.dumps(workspace.link_attribute)}:'

    def write(self, items: Sequence[tuple[Profile, str]]) -> Outcome:
        """One batch of profiles and their tokens, each profile in it once.

        **It creates a profile for an e-mail or customId that nobody has** (php-sdk f8b9074
        `lib/V4/Clients/Batch/Batch.php`); an item with a clientId never does. SendAlone means that some of
        the items were taken and some not, or none: Synerise does not document how to tell which.
        """
        return _without_raising(lambda: self._write(items))

    def write_one(self, profile: Profile, token: str) -> Outcome:
        """Updates the profile and never creates one: NoSuchProfile where Synerise knows it in no spelling."""
        return _without_raising(lambda: self._write_one(profile, token))

    def read(self, profile: Profile) -> Held | Outcome:
        """What the attribute holds, or why that cannot be said."""
        return _without_raising(lambda: self._read(profile))

    def close(self) -> None:
        self._connection.close()

    def _write(self, items: Sequence[tuple[Profile, str]]) -> Outcome:
        for profile, _ in items:
            if refused := refusal(profile, self._workspace):
                return refused if len(items) == 1 else SendAlone(refused.reason)
        content = f"[{','.join([self._item(*item) for item in items])}]".encode()
        if len(items) > MOST_ITEMS or len(content) > MOST_BYTES:
            return _TOO_MUCH
        return self._send(calls.LINKS, addresses.BATCH, content)

    def _write_one(self, profile: Profile, token: str) -> Outcome:
        if refused := refusal(profile, self._workspace):
            return refused
        content = f"{{{self._attributes}{quoted(token)}}}}}".encode()
        return addresses.at_either_spelling(
            profile, lambda spelled: self._send(calls.UPDATE, addresses.path_of(spelled), content)
        )

    def _read(self, profile: Profile) -> Held | Outcome:
        if refused := refusal(profile, self._workspace):
            return refused
        found: list[Held] = []

        def look(spelled: Profile) -> Outcome:
            answer = self._connection.ask(calls.READ, "GET", addresses.path_of(spelled))
            if not isinstance(answer, httpx.Response):
                return answer
            content = parsed(answer.content)
            if not isinstance(content, dict):
                return Unreachable("Synerise answered with something that is not a profile")
            attributes = content.get("attributes")
            token = attributes.get(self._attribute) if isinstance(attributes, dict) else None
            found.append(Held(token if isinstance(token, str) else None, frozenset(_named(content))))
            return Accepted()

        outcome = addresses.at_either_spelling(profile, look)
        return found[0] if found else outcome

    def _send(self, call: calls.Call, path: str, content: bytes) -> Outcome:
        answer = self._connection.ask(call, "POST", path, content)
        return accepted(answer) if isinstance(answer, httpx.Response) else answer

    def _item(self, profile: Profile, token: str) -> str:
        """A clientId is a number in all of Synerise's API. Written by hand, because it is written a million times."""
        named = str(int(profile.value)) if profile.kind == "clientId" else quoted(profile.value)
        return f'{{"{profile.kind}":{named},{self._attributes}{quoted(token)}}}}}'


def _named(content: dict[str, object]) -> Iterator[Profile]:
    for kind in KINDS:
        value = content.get(kind)
        if isinstance(value, str | int) and not isinstance(value, bool):
            with suppress(BadProfile, ValueError):
                yield Profile.of(kind, str(value))


def _without_raising(act: Callable[[], Answered]) -> Answered | Unreachable:
    """A fault of our own must not end a worker's loop: it counts as unreachable, so the write is tried again.

    Only the kind of fault is named, because its text may quote an address.
    """
    try:
        return act()
    except Exception as fault:  # noqa: BLE001 - whatever went wrong, the write must be tried again
        return Unreachable(f"resign itself failed while it talked to Synerise: {type(fault).__name__}")
