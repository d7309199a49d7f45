"""Looks whether Synerise knows a person before it is told of them by a way that would not say."""

from collections.abc import Callable

import httpx

from resign.outbox.contract import Outcome
from resign.profile import Profile
from resign.synerise import addresses, calls
from resign.synerise.connection import Connection


def if_known(connection: Connection, profile: Profile, tell: Callable[[Profile], Outcome]) -> Outcome:
    """What `tell` answers for the spelling that Synerise knows; otherwise what the looking answered.

    Whether an event or an incoming integration creates a profile for an address that nobody has is not
    documented. If it does, an opt-out would bring an erased person back, or give a second profile to an address
    in other letters, which would then be read back as opted out while the person's own is not. The price is
    one call more for each decision told this way; reading back needs the same permission anyway.
    """

    def look_and_tell(spelled: Profile) -> Outcome:
        answer = connection.ask(calls.READ, "GET", addresses.path_of(spelled))
        return tell(spelled) if isinstance(answer, httpx.Response) else answer

    return addresses.at_either_spelling(profile, look_and_tell)
