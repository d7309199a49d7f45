"""Where one profile lives in Synerise's API, under every spelling that may be its own."""

from collections.abc import Callable
from urllib.parse import quote

from resign.outbox.contract import NoSuchProfile, Outcome
from resign.profile import Kind, Profile

BATCH = "/v4/clients/batch"
EVENT = "/v4/events/custom"
LOG_IN = "/uauth/v2/auth/login/profile"
PERMISSIONS = "/uauth/api-key/permission-check"

_PREFIXES: dict[Kind, str] = {
    "email": "/v4/clients/by-email/",
    "customId": "/v4/clients/by-customid/",
    "clientId": "/v4/clients/",
}


def path_of(profile: Profile) -> str:
    """The path to read a profile by, and to update it without ever creating one.

    Every reserved character is encoded. Whether Synerise takes an encoded slash in a customId is not
    documented: a refusal is then visible as one, and no other profile can be hit.
    """
    return _PREFIXES[profile.kind] + quote(profile.value, safe="")


def at_either_spelling(profile: Profile, ask: Callable[[Profile], Outcome]) -> Outcome:
    """What `ask` answers for the profile; an unknown address is asked for again in small letters.

    Whether Synerise folds the case of e-mails is not documented. If it does, the first question decides; if
    it does not, the exact spelling still goes first, so nobody else's profile is touched while it exists.
    """
    outcome = ask(profile)
    if isinstance(outcome, NoSuchProfile) and profile.folded != profile.value:
        return ask(Profile(profile.kind, profile.folded))
    return outcome
