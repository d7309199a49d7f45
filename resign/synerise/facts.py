"""What Synerise's automations may know of a decision, and how one telling of it is told from another."""

import re

from resign.outbox.contract import Message

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


def spelling_of(message: Message) -> str:
    """The identifier as it stands; every second telling anew, an address in small letters.

    These ways of telling never answer that nobody has the address, and whether Synerise folds its case is not
    documented: if the address as given reached nobody, the next telling reaches them.
    """
    return message.profile.folded if message.tellings % 2 else message.profile.value
