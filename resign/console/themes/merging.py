"""Two people in one tab: field by field, what somebody began with, what they typed, and what stands there now.

A form carries a fingerprint of each field as it was loaded, so that what its reader left alone is told from what they
changed. Only a field that both changed is asked about.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from resign.console.themes.part import Changed, Part
from resign.themes.source import ThemeSource

_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """`values` is what the form shows, `theirs` what stands now where both have changed a field."""

    values: dict[str, str]
    theirs: dict[str, str]
    changed: Changed


def merged(part: Part, now: ThemeSource, form: Mapping[str, str], files: Mapping[str, bytes]) -> Merged:
    """What was changed in the form, put into the theme as it stands now."""
    there, was = part.shown(now), _began_with(form.get("was", ""))
    sent = {name: text for name, text in part.sent(form, files).items() if name in there}
    mine = {name: text for name, text in sent.items() if _fingerprint(text) != was.get(name, "")}
    theirs = {
        name: there[name]
        for name, text in mine.items()
        if _fingerprint(there[name]) not in {was.get(name, ""), _fingerprint(text)}
    }
    besides = {name: text for name, text in form.items() if name not in there}
    return Merged(
        values={**there, **mine}, theirs=theirs, changed=part.change(now, {**besides, **mine}, files)
    )


def began_with(fields: Mapping[str, str]) -> str:
    """For the form, as short as it may be: of an empty field nothing is said."""
    return " ".join(f"{name}:{_fingerprint(text)}" for name, text in fields.items() if text)


def _began_with(carried: str) -> dict[str, str]:
    pairs = (each.rpartition(":") for each in carried.split())
    return {name: digits for name, _, digits in pairs}


def _fingerprint(text: str) -> str:
    """A browser ends its lines with two characters."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()[:_DIGITS] if plain else ""
