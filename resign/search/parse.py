"""Reads the search box. Whatever is typed is understood somehow; what is not is said, and the rest is searched."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from typing import cast, get_args

from resign.ids import reference_range
from resign.ledger import Method
from resign.profile import BadProfile, Profile
from resign.search.query import Mark, Note, Query, State, Word

MOST_CHARACTERS = 1_000
MOST_TERMS = 16
# Three letters make the least that the index of parts knows; of fewer, only beginnings.
LEAST_OF_A_PART = 3

_TERM = re.compile(r'(?:(?P<name>[A-Za-z][A-Za-z-]{0,19}):)?(?:"(?P<quoted>[^"]*)"?|(?P<plain>\S*))')
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
# What a mail program or a list puts around an address.
_AROUND_AN_ADDRESS = "<>,;()[]"
_METHODS: tuple[str, ...] = get_args(Method)
_STATES: tuple[str, ...] = get_args(State)
_CHOICES = {"out": "opt-out", "in": "opt-in", "opt-out": "opt-out", "opt-in": "opt-in", "request": "request"}
_MOST_OF_A_MARK = 64
_MOST_OF_A_LANGUAGE = 8
_REFERENCE_GROUPS = 3


def parse(text: str) -> Query:
    """Never raises, whatever the text."""
    reading = _Reading()
    read = cleaned(text[: MOST_CHARACTERS * 4])
    if len(read) > MOST_CHARACTERS or len(text) > MOST_CHARACTERS * 4:
        read = read[:MOST_CHARACTERS]
        reading.note("too-long", str(MOST_CHARACTERS))
    terms = [match for match in _TERM.finditer(read) if match.group().strip()]
    if len(terms) > MOST_TERMS:
        reading.note("too-many", str(MOST_TERMS))
    for term in terms[:MOST_TERMS]:
        quoted = term["quoted"]
        reading.take(term["name"], (quoted if quoted is not None else term["plain"]).strip())
    return reading.query()


def cleaned(text: str) -> str:
    """Composed as identifiers are; without what is not seen: control characters, marks of direction, half letters."""
    kept = "".join(
        " " if unicodedata.category(c) in {"Cc", "Zl", "Zp", "Zs"} else c
        for c in text
        if unicodedata.category(c) not in {"Cf", "Cs"}
    )
    return unicodedata.normalize("NFC", kept)


class _Reading:
    """Takes one term after the other."""

    def __init__(self) -> None:
        self._notes: list[Note] = []
        self._words: list[Word] = []
        self._bare: list[str] = []
        self._profiles: list[Profile] = []
        self._reference: str | None = None
        self._marks: dict[Mark, list[str]] = {}
        self._states: list[State] = []
        self._reasons: list[str] = []
        self._workspaces: list[str] = []
        self._after: date | None = None
        self._before: date | None = None

    def note(self, code: str, about: str = "", instead: str = "") -> None:
        self._notes.append(Note(code, about, instead))

    def take(self, name: str | None, value: str) -> None:
        if name is None or name.lower() == "mailto":
            self.take_bare(value)
            return
        known = _FILTERS.get(name.lower())
        if known is None:
            nearest = get_close_matches(name.lower(), list(_FILTERS), n=1)
            instead = _SPELT.get(nearest[0], nearest[0]) if nearest else ""
            self.note("did-you-mean" if nearest else "unknown-filter", name, instead)
        elif not value:
            self.note("no-value", name)
        else:
            known(self, name.lower(), value)

    def query(self) -> Query:
        surely = self._reference is not None
        spoken = self._reference or " ".join(self._bare)
        single = self._bare[0] if len(self._bare) == 1 and not self._profiles else None
        return Query(
            words=tuple(self._words),
            profiles=tuple(self._profiles),
            bare=single if self._words else None,
            reference=reference_range(spoken) if surely or len(self._bare) <= _REFERENCE_GROUPS else None,
            surely=surely,
            marks={name: tuple(values) for name, values in self._marks.items()},
            states=tuple(self._states),
            reasons=tuple(self._reasons),
            workspaces=tuple(self._workspaces),
            after=self._after,
            before=self._before,
            notes=tuple(self._notes),
        )

    def take_bare(self, value: str) -> None:
        if not value:
            return
        self._bare.append(value)
        try:
            self._profiles.append(Profile.of("email", value.strip(_AROUND_AN_ADDRESS)))
        except BadProfile:
            self.take_part("", value)

    def take_part(self, _name: str, value: str) -> None:
        begins = len(value) > 1 and value.endswith("*")
        letters = value[: -1 if begins else None].lower()
        short = len(letters) < LEAST_OF_A_PART
        if short and not begins:
            self.note("short", letters)
        self._words.append(Word(letters, begins or short))

    def take_profile(self, name: str, value: str) -> None:
        try:
            self._profiles.append(Profile.of(_KINDS[name], value.strip(_AROUND_AN_ADDRESS)))
        except BadProfile:
            self.note("bad-identifier", _SPELT.get(name, name))

    def take_reference(self, _name: str, value: str) -> None:
        if reference_range(value) is None:
            self.note("bad-reference")
        else:
            self._reference = value

    def take_mark(self, name: str, value: str) -> None:
        """A free value, bounded as its column is: a longer one is nowhere."""
        self._add(cast("Mark", name), value[: _MOST_OF_A_MARK + 1])

    def take_language(self, _name: str, value: str) -> None:
        main, dash, region = value[: _MOST_OF_A_LANGUAGE + 1].replace("_", "-").partition("-")
        for spelt in dict.fromkeys(
            (f"{main.lower()}{dash}{region.upper()}", f"{main}{dash}{region}".lower())
        ):
            self._add("language", spelt)

    def take_method(self, name: str, value: str) -> None:
        self.take_one_of(name, value.lower(), {method: method for method in _METHODS})

    def take_choice(self, name: str, value: str) -> None:
        self.take_one_of(name, value.lower(), _CHOICES)

    def take_one_of(self, name: str, value: str, known: dict[str, str]) -> None:
        if value in known:
            self._add(cast("Mark", name), known[value])
        else:
            self.note("bad-value", name, ", ".join(known))

    def take_state(self, name: str, value: str) -> None:
        if value.lower() in _STATES:
            self._states.append(cast("State", value.lower()))
        else:
            self.note("bad-value", name, ", ".join(_STATES))

    def take_reason(self, _name: str, value: str) -> None:
        self._reasons.append(value[:_MOST_OF_A_MARK])

    def take_workspace(self, _name: str, value: str) -> None:
        self._workspaces.append(value[:_MOST_OF_A_MARK])

    def take_day(self, name: str, value: str) -> None:
        day = _day(value)
        if day is None:
            self.note("bad-date", name)
        elif name == "after":
            self._after = max(day, self._after or day)
        else:
            self._before = min(day, self._before or day)

    def _add(self, mark: Mark, value: str) -> None:
        self._marks.setdefault(mark, []).append(value)


def _day(value: str) -> date | None:
    """A year or a month alone begins on its first day."""
    found = _DAY.fullmatch(value)
    if found is None:
        return None
    year, month, day = (int(part) if part else 1 for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


_KINDS = {"email": "email", "address": "email", "customid": "customId", "clientid": "clientId"}
_FILTERS: dict[str, Callable[[_Reading, str, str], None]] = {
    **dict.fromkeys(_KINDS, _Reading.take_profile),
    "part": _Reading.take_part,
    "reference": _Reading.take_reference,
    "campaign": _Reading.take_mark,
    "agreement": _Reading.take_mark,
    "origin": _Reading.take_mark,
    "language": _Reading.take_language,
    "method": _Reading.take_method,
    "choice": _Reading.take_choice,
    "state": _Reading.take_state,
    "reason": _Reading.take_reason,
    "workspace": _Reading.take_workspace,
    "after": _Reading.take_day,
    "before": _Reading.take_day,
}
# As Synerise writes them.
_SPELT = {"customid": "customId", "clientid": "clientId"}
