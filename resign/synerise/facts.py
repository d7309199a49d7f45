"""What Synerise's automations may know of a decision, and how one telling of it is told from another."""

import re
from datetime import UTC, datetime

from resign.outbox.contract import Message
from resign.profile import Profile

SOURCE = "resign"
# What comes from a link's query must not make Synerise refuse the opt-out: the characters that it forbids in
# identifiers (php-sdk f8b9074 `lib/V4/Models/Client.php`) and all other control characters are left out.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u00ad\ufe00-\ufe0f\ud800-\udfff\U00010000-\U0010ffff]")
_LONGEST = 200


def facts_of(message: Message) -> dict[str, str]:
    """Flat, without an address, without a name that Synerise reserves, and without a null, which is a write."""
    facts = {
        "source": SOURCE,
        "agreement": message.agreement,
        "choice": message.choice,
        "method": message.method,
        "decision": str(message.decision_id),
    }
    if campaign := _UNFIT.sub("", message.campaign or "").strip()[:_LONGEST]:
        facts["campaign"] = campaign
    return facts


def salt_of(message: Message) -> str:
    """The same for every retry, so that one which arrives twice acts once; new for every telling anew.

    Synerise overwrites an event of the same salt and time and does not run automations again (php-sdk f8b9074
    `EventBase`), which is wanted for a retry, and would silence a telling after a drift.
    """
    anew = f"-{message.tellings}" if message.tellings else ""
    return f"optout-{message.decision_id}{anew}"


def named(profile: Profile) -> str | int:
    """The identifier as JSON has it: a clientId is a number in all of Synerise's API."""
    return int(profile.value) if profile.kind == "clientId" else profile.value


def stamp(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and a Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
