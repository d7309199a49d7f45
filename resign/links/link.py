"""What a link claims, and how those claims are packed into a few bytes."""

import re
from dataclasses import dataclass

from resign.profile import KINDS, BadProfile, Profile

# What a link may act on unless it says otherwise: Synerise's native e-mail agreement.
SCOPE = "newsletter"
_CONFIRMING = "confirm:"
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Confirming:
    """What a link of a double opt-in would confirm: an agreement, as it was asked for by the request of that number.

    Links of older releases name no request; they are read, so that people hear more than "cannot be read".
    """

    agreement: str
    request: int | None


def confirming(agreement: str, request: int | None) -> str:
    """The scope of a link that completes a double opt-in, and does nothing else."""
    return f"{_CONFIRMING}{agreement}" if request is None else f"{_CONFIRMING}{request}:{agreement}"


def confirmed_by(scope: str) -> Confirming | None:
    """What a link of this scope confirms; None for every other scope."""
    if not scope.startswith(_CONFIRMING):
        return None
    number, _, agreement = scope.removeprefix(_CONFIRMING).rpartition(":")
    return Confirming(agreement, int(number) if _NUMBER.fullmatch(number) else None)


class BadLink(Exception):
    """The token cannot be read, whatever the cause: nobody learns which it was."""


@dataclass(frozen=True, slots=True)
class Link:
    """Signed claims: who, in which workspace, about what, and the id of the key that vouches for it."""

    workspace: str
    profile: Profile
    scope: str = SCOPE
    key_id: str = ""


def pack(profile: Profile, scope: str) -> bytes:
    """One byte of version and kind, one of the scope's length, the scope (none for the usual one), the identifier."""
    named = b"" if scope == SCOPE else scope.encode()
    return bytes((_VERSION << 4 | KINDS.index(profile.kind), len(named))) + named + profile.value.encode()


def unpack(packed: bytes) -> tuple[Profile, str]:
    """The reverse; BadLink for anything of another shape, even where the signature was good."""
    try:
        version, kind = packed[0] >> 4, KINDS[packed[0] & 0b1111]
        end = 2 + packed[1]
        scope = packed[2:end].decode() or SCOPE
        profile = Profile.of(kind, packed[end:].decode())
    except (IndexError, UnicodeDecodeError, BadProfile):
        raise BadLink from None
    if version != _VERSION:
        raise BadLink
    return profile, scope
