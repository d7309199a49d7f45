"""What staff did about a person, in words."""

from resign.console.spoken import mark, say
from resign.evidence.acts import Act
from resign.timeline.entries import Done

_ACTIONS = {
    "opened-address": mark("%(name)s looked at the address in clear."),
    "proved": mark("%(name)s made a proof."),
    "looked-at-shown-page": mark("%(name)s looked at the page as it was shown."),
}
_NAMES = {
    "basis": mark("Basis"),
    "reference": mark("Reference"),
    "agreement": mark("Agreement"),
}


def sentence(entry: Done | Act) -> str:
    """Where a deed has no sentence here, its own name, which is a word or two."""
    known = _ACTIONS.get(entry.action, mark("%(name)s: %(action)s."))
    return say(known, name=entry.by, action=entry.action.replace("-", " "))


def facts(entry: Done | Act) -> tuple[tuple[str, str], ...]:
    return tuple(
        (say(_NAMES[name]) if name in _NAMES else name, str(value)) for name, value in entry.detail.items()
    )
