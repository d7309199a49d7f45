"""What was asked for, once it is understood; and what had to be said about the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal
from uuid import UUID

from resign.profile import Profile

State = Literal["undelivered", "telling", "dead", "confirmed"]
Mark = Literal["campaign", "method", "agreement", "language", "choice", "origin"]

_SENTENCES = {
    "unknown-filter": "`{about}:` is not known, so it was left out.",
    "did-you-mean": "`{about}:` is not known, so it was left out; did you mean `{instead}:`?",
    "no-value": "`{about}:` needs a value, so it was left out.",
    "bad-value": "`{about}:` takes {instead}; what was given was left out.",
    "bad-date": "`{about}:` takes a day such as 2026-01-31, so it was left out.",
    "bad-reference": "A reference has twelve letters and digits, such as 01KB-3F9Q-7XZA; this was left out.",
    "bad-identifier": "`{about}:` cannot name a profile like this; it was left out.",
    "short": "“{about}” is short: only what begins with it is found.",
    "too-long": "Only the first {about} characters were read.",
    "too-many": "Only the first {about} words were read.",
    "many-people": "More than {about} people match; of these the {about} who came last are shown. Type more of the address.",
    "many-answers": "More than {about} answers match; the decisions of the newest {about} are shown.",
    "nobody": "Nobody decided with exactly “{about}”; `part:{about}` finds longer ones that hold it.",
    "no-workspace": "There is no workspace “{about}” that you can see.",
    "bad-page": "The page that was asked for does not exist; this is the first one.",
    "goes-on": "Looked back to {about}; there may be more before.",
    "not-indexed": "The index is still being built: filters and parts of addresses do not find everything yet.",
}


@dataclass(frozen=True, slots=True)
class Note:
    """`code` for whoever says it in another language; its text quotes what was typed, which is anybody's."""

    code: str
    about: str = ""
    instead: str = ""

    def __str__(self) -> str:
        return _SENTENCES[self.code].format(about=self.about, instead=self.instead)


@dataclass(frozen=True, slots=True)
class Word:
    """Some letters of an identifier, small; `begins` where they have to stand at its beginning."""

    text: str
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """All of it holds together; several values of one filter mean any of them. Empty: the newest decisions."""

    words: tuple[Word, ...] = ()
    # Exact identifiers. `bare` is a single word as it was typed, which may be a customId or clientId as a whole.
    profiles: tuple[Profile, ...] = ()
    bare: str | None = None
    # The lowest and the highest id; `surely` where it was called a reference, and can be nothing else.
    reference: tuple[UUID, UUID] | None = None
    surely: bool = False
    marks: Mapping[Mark, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    states: tuple[State, ...] = ()
    reasons: tuple[str, ...] = ()
    workspaces: tuple[str, ...] = ()
    # Days, from the first and up to the second, without it.
    after: date | None = None
    before: date | None = None
    notes: tuple[Note, ...] = ()
