"""A log-in's token, and when it is time to get the next one."""

import base64
import math
import re
from dataclasses import dataclass, field
from datetime import datetime

from resign.synerise.fault import parsed

_FIT_FOR_A_HEADER = re.compile(r"[A-Za-z0-9._~+/=-]{1,8192}")
_MARGIN = 30.0
_MARGIN_SHARE = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """`due` is in seconds since 1970; infinite where the token does not say when it ends."""

    header: str = field(repr=False)
    due: float

    @classmethod
    def of(cls, text: object, now: datetime) -> "Token | None":
        """None where the text cannot be a token."""
        if not isinstance(text, str) or not _FIT_FOR_A_HEADER.fullmatch(text):
            return None
        return cls(f"Bearer {text}", _due(text, now.timestamp()))

    def is_due(self, now: datetime) -> bool:
        return now.timestamp() >= self.due


def _due(text: str, now: float) -> float:
    """Thirty seconds, or a tenth of its life if that is less, before the token ends.

    How long a token lives is told in several ways by Synerise's docs (an hour, a week), so its own `exp` is
    read; unverified, because all that hangs on it is when to ask for the next. Its life is counted from `iat`
    where it has one, so that a clock of ours that is wrong does not make every token look old.
    """
    claims = _claims(text)
    ends = _seconds(claims.get("exp"))
    if ends is None:
        return math.inf
    begins = _seconds(claims.get("iat"))
    life = ends - (now if begins is None or begins >= ends else begins)
    # A token that seems to have ended before it came is used until it is refused.
    return now + life - min(_MARGIN, life * _MARGIN_SHARE) if life > 0 else math.inf


def _claims(text: str) -> dict[str, object]:
    payload = text.split(".")[1] if text.count(".") == 2 else ""  # noqa: PLR2004 - header, payload, signature
    try:
        claims = parsed(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}


def _seconds(claim: object) -> float | None:
    if isinstance(claim, bool) or not isinstance(claim, int | float):
        return None
    try:
        seconds = float(claim)
    except OverflowError:
        return None
    return seconds if math.isfinite(seconds) else None
