"""A link with which somebody sets the password of their account, once: nobody else ever knows it.

It carries the account and when it ends. It is signed together with what is kept of the password, so that it is worth
nothing as soon as a password was set, and nothing has to be stored.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from resign.staff.tables import Account

LASTS = timedelta(days=3)


def made(account: Account, now: datetime, secret: bytes) -> str:
    ends = int((now + LASTS).timestamp())
    return f"{account.id}.{ends}.{_signed(account, ends, secret)}"


def number_in(token: str) -> int:
    """The account that it says it is for; 0 where it says nothing."""
    number = token.partition(".")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0  # noqa: PLR2004 - no id is longer


def is_good(token: str, account: Account | None, now: datetime, secret: bytes) -> bool:
    parts = token.split(".")
    if account is None or not account.is_active or not account.is_local or len(parts) != 3:  # noqa: PLR2004
        return False
    number, ends, signature = parts
    if not (ends.isascii() and ends.isdigit() and len(ends) < 12) or number != str(account.id):  # noqa: PLR2004
        return False
    right = hmac.compare_digest(
        _signed(account, int(ends), secret).encode(), signature.encode("utf-8", "replace")
    )
    return right and datetime.fromtimestamp(int(ends), UTC) > now


def _signed(account: Account, ends: int, secret: bytes) -> str:
    text = f"invitation {account.id} {ends} {account.password}"
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
