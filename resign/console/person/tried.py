"""What telling somebody else came to, in words."""

from datetime import datetime

from resign.console import wording
from resign.console.spoken import mark, say
from resign.timeline.entries import Attempted, Delivery

_TOLD = {
    "accepted": mark("Told, and accepted."),
    "no-such-profile": mark("Told, but this profile is not known there. It is tried again."),
    "busy": mark("Asked to come back later. It is tried again."),
    "unreachable": mark("Could not be reached. It is tried again."),
    "send-alone": mark("A batch was refused in part, so this goes out by itself."),
    "refused": mark("Refused. Somebody has to look at it."),
    "withheld": mark(
        "Not told: something newer was decided, perhaps under another identifier of the same person."
    ),
    "misconfigured": mark("Refused because of the settings or the key there. It waits until that is mended."),
}
_READ_BACK = {
    "confirmed": mark("Confirmed: the profile was read back, and says so."),
    "not-yet": mark("Read back: it does not show yet. Looked at again in a moment."),
    "drifted": mark("Read back: the profile says something else. It is told again."),
    "no-such-profile": mark("Read back: this profile is not known there. It is told again."),
    "busy": mark("Reading back has to wait. It is tried again."),
    "unreachable": mark("Reading back failed: it could not be reached. It is tried again."),
    "refused": mark("Reading back was refused. It is tried again."),
    "misconfigured": mark(
        "Reading back is not allowed by the settings or the key. It waits until that is mended."
    ),
}
_BY_COMPARISON = mark("The daily comparison found the profile switched on again. It is told again.")
_BAD = {"refused", "misconfigured", "drifted", "unreachable"}


def sentence(entry: Attempted) -> str:
    if entry.by_comparison:
        return say(_BY_COMPARISON)
    words = _READ_BACK if entry.phase == "read-back" else _TOLD
    return say(words[entry.outcome]) if entry.outcome in words else entry.outcome


def tone(entry: Attempted) -> str:
    if entry.outcome == "confirmed":
        return "good"
    return "bad" if entry.outcome in _BAD else ""


def stands(delivery: Delivery, decided_at: datetime, *, overtaken: bool = False) -> str:
    """How far one destination is with a decision, in one sentence. Nobody has to look at what was overtaken."""
    name = wording.destination(delivery.destination)
    if delivery.state == "confirmed" and delivery.confirmed_at is not None:
        later = wording.lasted((delivery.confirmed_at - decided_at).total_seconds())
        return say(mark("%(name)s confirmed it %(time)s later."), name=name, time=later)
    if delivery.state == "delivered" and delivery.accepted_at is not None:
        later = wording.lasted((delivery.accepted_at - decided_at).total_seconds())
        return say(mark("%(name)s was told %(time)s later."), name=name, time=later)
    was_refused = delivery.state == "superseded" and delivery.outcome == "refused"
    if was_refused or (delivery.state == "dead" and overtaken):
        return say(mark("%(name)s refused it; something newer was decided since."), name=name)
    if delivery.state == "owed" and delivery.outcome == "no-such-profile":
        return say(mark("%(name)s does not know this profile yet, and is told once it does."), name=name)
    return say(_STATES[delivery.state], name=name) if delivery.state in _STATES else delivery.state


_STATES = {
    "owed": mark("%(name)s is still to be told."),
    "accepted": mark("%(name)s was told and accepted it; it is not confirmed yet."),
    "confirmed": mark("%(name)s confirmed it."),
    "delivered": mark("%(name)s was told."),
    "superseded": mark("%(name)s need not hear of it any more: something newer was decided."),
    "dead": mark("%(name)s refused it: somebody has to look at it."),
}
