"""What Synerise told of its own accord, in words."""

from resign.console import wording
from resign.console.spoken import mark, say
from resign.timeline.entries import Noticed

_SUBJECTS = {
    "off": mark("Switched off at Synerise."),
    "on": mark("Switched on at Synerise."),
    "profile": mark("The profile was made or changed at Synerise."),
    "sent": mark("A mail was sent."),
}
_VERDICTS = {
    "decided": mark("A decision was recorded because of it."),
    "known": mark("It was known here already."),
    "doubtful": mark("Whether they opted out once more is being looked up."),
    "linked": mark("Their link was written to the profile."),
}
_MAILED_AFTER = mark("A mail was sent %(time)s after the opt-out was confirmed.")


def sentence(entry: Noticed) -> str:
    if entry.verdict == "mailed-after":
        return say(_MAILED_AFTER, time=wording.lasted(entry.delay_seconds or 0))
    happened = say(_SUBJECTS[entry.subject]) if entry.subject else entry.action
    became = say(_VERDICTS[entry.verdict]) if entry.verdict in _VERDICTS else ""
    return f"{happened} {became}".strip()


def facts(entry: Noticed) -> tuple[tuple[str, str], ...]:
    found = [
        (say(mark("Event")), entry.action),
        (say(mark("Campaign")), entry.campaign),
        (say(mark("Variant")), entry.variant),
        (say(mark("Way")), entry.way),
        (say(mark("Evidence")), entry.evidence),
        (say(mark("Came to")), entry.verdict),
        (say(mark("Heard of here")), wording.second(entry.arrived_at)),
    ]
    return tuple((name, value) for name, value in found if value)
