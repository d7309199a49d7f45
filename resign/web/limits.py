"""A limit for those who try one unreadable link after the other. A good link never meets it (A14)."""

import ipaddress

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

_IPV4_PREFIX, _IPV6_PREFIX = 24, 48


class BadLinkLimit:
    """So many unreadable links a minute from one network, counted in this process's memory only."""

    def __init__(self, per_minute: int = 60) -> None:
        self._limit = RateLimitItemPerMinute(per_minute)
        self._counted = FixedWindowRateLimiter(MemoryStorage())

    def is_exceeded_by(self, address: str | None) -> bool:
        """Counts one more, and says whether that was too many."""
        return not self._counted.hit(self._limit, _network(address))


def _network(address: str | None) -> str:
    """The neighbourhood, not the person: a /24 or a /48. It is kept for a minute and written nowhere."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    prefix = _IPV4_PREFIX if parsed.version == 4 else _IPV6_PREFIX  # noqa: PLR2004 - IPv4
    return str(ipaddress.ip_network((parsed, prefix), strict=False))
