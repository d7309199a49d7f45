"""What staff did about a person, in words."""

from resign.console.acting.words import CHANNELS
from resign.console.spoken import mark, say
from resign.evidence.acts import Act
from resign.timeline.entries import Done

_ACTIONS = {
    "opened-address": mark("%(name)s looked at the address in clear."),
    "proved": mark("%(name)s made a proof."),
    "looked-at-shown-page": mark("%(name)s looked at the page as it was shown."),
    "opted-out": mark("%(name)s opted them out on their behalf."),
    "opted-in": mark("%(name)s opted them in."),
    "asked-to-confirm": mark("%(name)s had the mail sent by which they opt in themselves."),
    "told-again": mark("%(name)s had Synerise told again."),
    "sent-link": mark("%(name)s had a link sent."),
    "checked": mark("%(name)s asked Synerise what the profile says."),
}
_NAMES = {
    "basis": mark("Basis"),
    "reference": mark("Reference"),
    "agreement": mark("Agreement"),
    "channel": mark("How the person asked"),
    "asked_on": mark("On which day"),
    "decision": mark("Decision"),
    "destination": mark("Destination"),
    "was": mark("How it stood"),
    "outcome": mark("Outcome"),
    "decisions": mark("Decisions"),
    "kind": mark("Form"),
}


def sentence(entry: Done | Act) -> str:
    """Where a deed has no sentence here, its own name, which is a word or two."""
    known = _ACTIONS.get(entry.action, mark("%(name)s: %(action)s."))
    return say(known, name=entry.by, action=entry.action.replace("-", " "))


def facts(entry: Done | Act) -> tuple[tuple[str, str], ...]:
    return tuple(
        (say(_NAMES[name]) if name in _NAMES else name, _value(name, value))
        for name, value in entry.detail.items()
    )


def _value(name: str, value: object) -> str:
    return say(CHANNELS[str(value)]) if name == "channel" and value in CHANNELS else str(value)
