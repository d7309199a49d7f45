"""How long a busy Synerise asks us to wait."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# A longer wait than this is more likely a mistake, or somebody's maintenance that ended early.
LONGEST = timedelta(hours=1)
_SECONDS = re.compile(r"([0-9]+)(?:\.[0-9]+)?")
_DIGITS_OF_AN_HOUR = 4


def wait_asked_for(header: str | None, now: datetime) -> timedelta | None:
    """Retry-After as seconds or as a date (RFC 9110 §10.2.3), from 0 to an hour; None where it says neither."""
    text = (header or "").strip()
    if seconds := _SECONDS.fullmatch(text):
        too_many = len(seconds[1].lstrip("0")) > _DIGITS_OF_AN_HOUR
        return LONGEST if too_many else min(timedelta(seconds=float(text)), LONGEST)
    try:
        moment = parsedate_to_datetime(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(max(aware - now, timedelta()), LONGEST)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
