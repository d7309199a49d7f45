"""One row of a file, whatever its format: whom it names, or why it names nobody, and where it stands."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from resign.profile import BadProfile, Kind, Profile
from resign.push.columns import PREFERRED

# Stands where a decoder gave up (Unicode, U+FFFD). Synerise would take it, and make a profile of nobody's.
_LOST = "\N{REPLACEMENT CHARACTER}"


class Row(NamedTuple):
    """`line` is where it begins, counted from 1; `given` holds the identifiers that are not empty.

    `fault` says why it cannot be read; None where it can.
    """

    line: int
    given: Mapping[Kind, str]
    fault: str | None


class Rows(Protocol):
    """The rows of one file. `end` and `last_line` say how far it was read: behind the last row that was given."""

    end: int
    last_line: int

    def next(self) -> Row | None:
        """None at the end. Never raises for what is in the file."""
        ...

    def go_to(self, end: int, last_line: int) -> None:
        """Goes on behind a row that was given before."""
        ...


def profile_of(row: Row) -> Profile | str:
    """The profile that the row's best identifier names, or why there is none. The reason quotes no identifier.

    A best identifier that is wrong is not passed over for the next one: it may belong to somebody else's row.
    """
    if row.fault:
        return row.fault
    for kind in PREFERRED:
        if (value := row.given.get(kind)) is not None:
            if _LOST in value:
                return f"{kind}: letters of it were lost in an earlier conversion"
            try:
                profile = Profile.of(kind, value)
            except BadProfile as fault:
                return f"{kind}: {fault}"
            # Synerise knows clientId 7 and no 007.
            return Profile(kind, str(int(profile.value))) if kind == "clientId" else profile
    return f"the row names nobody: {', '.join(PREFERRED)} are missing or empty"
