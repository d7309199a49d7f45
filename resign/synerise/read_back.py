"""Asks Synerise for the profile, and compares what it shows with what was told."""

from collections.abc import Mapping

import httpx

from resign.outbox.contract import Confirmed, Differs, Message, Outcome, Unreachable
from resign.profile import BadProfile, Profile
from resign.synerise import addresses, calls
from resign.synerise.agreement import Agreement
from resign.synerise.connection import Connection
from resign.synerise.fault import parsed


class ReadBack:
    """An agreement that the profile does not show, or shows as something unknown, is not a confirmation."""

    def __init__(self, connection: Connection, agreements: Mapping[str, Agreement]) -> None:
        self._connection = connection
        self._agreements = agreements

    def of(self, message: Message) -> Outcome:
        return addresses.at_either_spelling(message.profile, lambda profile: self._compare(message, profile))

    def _compare(self, message: Message, spelled: Profile) -> Outcome:
        answer = self._connection.ask(calls.READ, "GET", addresses.path_of(spelled))
        if not isinstance(answer, httpx.Response):
            return answer
        profile = parsed(answer.content)
        if not isinstance(profile, dict):
            return Unreachable("Synerise answered with something that is not a profile")
        found = self._agreements[message.agreement].found(profile)
        if found == message.choice:
            return Confirmed(_email_of(profile) if message.profile.kind != "email" else None)
        return Differs(f"the profile says {found}" if found else "the profile does not say either")


def _email_of(profile: Mapping[str, object]) -> str | None:
    value = profile.get("email")
    try:
        return Profile.of("email", value).value if isinstance(value, str) else None
    except BadProfile:
        return None
