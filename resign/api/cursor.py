"""Where a page ended, in a form that nobody reads anything into."""

import base64
import re
from typing import Literal

Order = Literal["newest", "oldest"]
_INSIDE = re.compile(r"(newest|oldest) ([0-9]{1,18})")


def written(order: Order, seq: int) -> str:
    return base64.urlsafe_b64encode(f"{order} {seq}".encode()).decode().rstrip("=")


def read(text: str, order: Order) -> int | None:
    """None for what is no cursor of that order."""
    try:
        inside = base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True).decode("ascii")
    except ValueError:
        return None
    found = _INSIDE.fullmatch(inside)
    return int(found[2]) if found and found[1] == order and written(order, int(found[2])) == text else None
