"""Decision ids (UUIDv7) and the short reference that a person can read out over the telephone."""

import re
from datetime import UTC, datetime
from uuid import UUID

import uuid6

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SOUNDS_LIKE = str.maketrans("OILU", "011V")
_REFERENCE_CHARACTERS = 12


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562 §5.7): it sorts by time, so the index grows at its end only."""
    return UUID(int=uuid6.uuid7().int)


def made_at(decision_id: UUID) -> datetime:
    """To the millisecond, in UTC: what stands in a UUIDv7 itself."""
    return datetime.fromtimestamp((decision_id.int >> 80) / 1000, UTC)


def reference(decision_id: UUID) -> str:
    """The first 60 bits that vary (milliseconds, then chance), as `01KB-3F9Q-7XZA`.

    It is a prefix of the id without the version digit, so finding a decision by its reference is a range
    of the id's own index and needs no column. Two decisions of one millisecond share it once in 4096.
    """
    number = _without_version(decision_id.int >> 64)
    digits = [_CROCKFORD[number >> shift & 31] for shift in range(55, -1, -5)]
    return "-".join("".join(digits[i : i + 4]) for i in range(0, _REFERENCE_CHARACTERS, 4))


def reference_range(text: str) -> tuple[UUID, UUID] | None:
    """The lowest and highest id that a reference may mean; None where the text is not a reference.

    Read as Crockford asks: case, hyphens and blanks do not matter, O is 0, I and L are 1.
    """
    letters = re.sub(r"[\s-]", "", text).upper().translate(_SOUNDS_LIKE)
    if len(letters) != _REFERENCE_CHARACTERS or any(letter not in _CROCKFORD for letter in letters):
        return None
    number = 0
    for letter in letters:
        number = number << 5 | _CROCKFORD.index(letter)
    upper = (number >> 12 << 16 | 0x7000 | number & 0xFFF) << 64
    return UUID(int=upper), UUID(int=upper | (1 << 64) - 1)


def _without_version(upper_half: int) -> int:
    return upper_half >> 16 << 12 | upper_half & 0xFFF
