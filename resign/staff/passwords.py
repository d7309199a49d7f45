"""Passwords: which are refused, and how one is kept and compared (argon2id, RFC 9106)."""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from resign.staff.names import folded
from resign.staff.refusals import (
    IS_THE_NAME,
    TOO_LONG,
    TOO_SHORT,
    TOO_USUAL,
    StaffRefusal,
)
from resign.staff.usual import is_usual

LEAST_CHARACTERS, MOST_CHARACTERS = 12, 1_000
_hasher = PasswordHasher()
# Without those that look alike; twenty of them are 99 bits, and can be read out.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def check(password: str, name: str) -> None:
    """Raises StaffRefusal for a password that nobody of this name may have."""
    if len(password) < LEAST_CHARACTERS:
        raise StaffRefusal(TOO_SHORT)
    if len(password) > MOST_CHARACTERS:
        raise StaffRefusal(TOO_LONG)
    if folded(password) == folded(name):
        raise StaffRefusal(IS_THE_NAME)
    if is_usual(password):
        raise StaffRefusal(TOO_USUAL)


def hashed(password: str) -> str:
    return _hasher.hash(_bytes(password))


def matches(kept: str | None, password: str) -> bool:
    """Costs the same where nothing is kept: then it is compared with the password of nobody."""
    nobody = _nobody()
    try:
        _hasher.verify(kept or nobody, _bytes(password[: MOST_CHARACTERS + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with less than what is asked for today."""
    return _hasher.check_needs_rehash(kept)


def generated() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


@cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_bytes(32))


def _bytes(password: str) -> bytes:
    """The same however a keyboard composes a letter (NFC, RFC 8265 §4.2); half a surrogate pair breaks nothing."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
