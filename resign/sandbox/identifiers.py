"""Which texts may identify a profile: the patterns and forbidden characters of Synerise's generated clients."""

import re
from typing import Literal

from resign.sandbox.calls import ItemError

Kind = Literal["email", "customId", "uuid", "phone"]
KINDS: tuple[Kind, ...] = ("customId", "uuid", "email", "phone")

# Anything outside the Basic Multilingual Plane, line ends, the soft hyphen, variation selectors, NUL
# (the PHP SDK's `Client.php`).
_FORBIDDEN = re.compile("[\U00010000-\U0010ffff\ud800-\udfff\r\n\u2028\u2029\u00ad\ufe00-\ufe0f\x00]")
_ATOM = r"[^<>()\[\]\\.,;:@\"\s]+"
# The last label is letters only, so a punycode top-level domain (xn--...) does not match.
_EMAIL = re.compile(
    rf"(?:{_ATOM}(?:\.{_ATOM})*|\"[^\"\r\n]+\")"
    r"@(?:\[\d{1,3}(?:\.\d{1,3}){3}\]|(?:[a-zA-Z0-9\-]+\.)+[a-zA-Z]{2,})"
)
_PHONE = re.compile(r"\+[0-9 \-()/]{6,19}|[0-9 \-()/]{6,20}")
_FORMS: dict[Kind, re.Pattern[str]] = {"email": _EMAIL, "phone": _PHONE}


def identifier_error(kind: Kind, value: object) -> ItemError | None:
    """What is wrong with an identifier, or None. Lengths are not documented; the sandbox sets no limit."""
    if not isinstance(value, str):
        return ItemError(kind, f"{kind} must be a string", value)
    if not value.strip():
        return ItemError(kind, f"{kind} must not be blank", value)
    if _FORBIDDEN.search(value):
        return ItemError(kind, f"{kind} contains forbidden characters", ascii(value))
    form = _FORMS.get(kind)
    if form and not form.fullmatch(value):
        return ItemError(kind, f"{kind} is not a well-formed {kind}", value)
    return None


def whole_number(value: object) -> int | None:
    """A clientId: an int64, as a number or as the digits of a path; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        if not (value.isascii() and value.isdigit()):
            return None
        # An int64 has at most 19 digits; more would only cost time to parse.
        value = int(value) if len(value) <= 19 else None  # noqa: PLR2004
    return value if isinstance(value, int) and 0 <= value < 2**63 else None
