"""What a body says of one agreement in so many words, whatever the event is called that set it off.

Synerise raises the same `profile.updated` for every attribute, a landing page and a form an event of the marketer's own
naming, and the shops' plugins write agreements as numbers: the integration's body names the agreement and carries what
the profile holds of it.
"""

from collections.abc import Mapping
from typing import Literal

from resign.settings import Workspace

NATIVE = "newsletter"
# Collectors that keep Synerise's own agreement by themselves; how each writes it is in docs/flows.md.
PRESETS: Mapping[str, str] = {"woocommerce": NATIVE, "magento": NATIVE}
_YES = frozenset({"opt-in", "enabled", "true", "1", "yes"})
_NO = frozenset({"opt-out", "disabled", "false", "0", "no"})
Choice = Literal["opt-out", "opt-in"]


class UnknownAgreement(Exception):
    """The settings name no such agreement, or there is no such preset."""


def stated(fields: Mapping[str, object], workspace: Workspace) -> tuple[str, Choice | None] | None:
    """The agreement and what holds of it; None for the choice where the body says neither yes nor no.

    Nothing at all where the body names no agreement: then the event's name says what happened.
    """
    preset, named = fields.get("preset"), fields.get("agreement")
    if not named and not preset:
        return None
    agreement = named or PRESETS.get(str(preset))
    if agreement == NATIVE:
        return NATIVE, _choice(fields, _YES, _NO)
    own = next((each for each in workspace.agreements if each.name == agreement), None)
    if own is None:
        raise UnknownAgreement
    return own.name, _choice(fields, {_folded(own.on)}, {_folded(own.off)})


def _choice(
    fields: Mapping[str, object], yes: "frozenset[str] | set[str]", no: "frozenset[str] | set[str]"
) -> Choice | None:
    """`choice` in our own words, or `value` as the profile has it. A missing insert arrives as an empty string."""
    chosen = _folded(fields.get("choice"))
    if chosen in {"opt-in", "opt-out"}:
        return "opt-in" if chosen == "opt-in" else "opt-out"
    value = _folded(fields.get("value"))
    if value in no:
        return "opt-out"
    return "opt-in" if value in yes else None


def _folded(value: object) -> str:
    return str(value).strip().lower() if isinstance(value, str | bool | int) else ""
