"""What a link claims, and how those claims are packed into a few bytes."""

from dataclasses import dataclass

from resign.profile import KINDS, BadProfile, Profile

# What a link may act on unless it says otherwise: Synerise's native e-mail agreement.
SCOPE = "newsletter"
_CONFIRMING = "confirm:"
_VERSION = 1


def confirming(agreement: str) -> str:
    """The scope of a link that completes a double opt-in, and does nothing else."""
    return _CONFIRMING + agreement


def confirmed_by(scope: str) -> str | None:
    """The agreement that a link of this scope confirms; None for every other scope."""
    return scope.removeprefix(_CONFIRMING) if scope.startswith(_CONFIRMING) else None


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
