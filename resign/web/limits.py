"""Limits for those who have no link that opens. A good link never meets one (A14).

All are counted in this process's memory only, and under names that nobody can read back.
"""

import hashlib
import math
import secrets
from datetime import datetime

from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from resign.profile import Profile
from resign.web.networks import neighbourhood

_MINUTE_SECONDS, _HOUR_SECONDS = 60, 3600
# It dies with the process, and what was counted under its digests with it.
_VEIL = secrets.token_bytes(32)


class BadLinkLimit:
    """So many unreadable links a minute from one network."""

    def __init__(self, per_minute: int = 60) -> None:
        self._limit = RateLimitItemPerMinute(per_minute)
        self._counted = FixedWindowRateLimiter(MemoryStorage())

    def is_exceeded_by(self, address: str | None) -> bool:
        """Counts one more, and says whether that was too many."""
        return not self._counted.hit(self._limit, _network(address))


class LinkRequestLimit:
    """So many requests for a link an hour, from one network and for one address.

    An office, a campus or a mobile network shares one network; a person who tries again needs two or three. Only a
    network is ever told to wait. The address's limit shows nobody anything, because strangers can use it up: by
    then a link was sent to the address within the hour, and the worker would send no other.
    """

    def __init__(self, per_network: int = 60, per_address: int = 6) -> None:
        self._network = RateLimitItemPerHour(per_network)
        self._address = RateLimitItemPerHour(per_address)
        self._counted = FixedWindowRateLimiter(MemoryStorage())

    def wait(self, address: str | None, now: datetime) -> int:
        """Counts one more from this network; the seconds to wait if that was too many, otherwise 0."""
        name = _network(address)
        if self._counted.hit(self._network, name):
            return 0
        ends = self._counted.get_window_stats(self._network, name).reset_time
        return min(max(1, math.ceil(ends - now.timestamp())), _HOUR_SECONDS)

    def is_enough_for(self, profile: Profile) -> bool:
        """Counts one more for this address, and says whether that was too many."""
        return not self._counted.hit(self._address, _veiled(profile.folded))


class _PerMinute:
    """So many a minute from one network."""

    def __init__(self, per_minute: int) -> None:
        self._limit = RateLimitItemPerMinute(per_minute)
        self._counted = FixedWindowRateLimiter(MemoryStorage())

    def wait(self, address: str | None, now: datetime) -> int:
        """Counts one more from this network; the seconds to wait if that was too many, otherwise 0."""
        name = _network(address)
        if self._counted.hit(self._limit, name):
            return 0
        ends = self._counted.get_window_stats(self._limit, name).reset_time
        return min(max(1, math.ceil(ends - now.timestamp())), _MINUTE_SECONDS)


class SignInLimit(_PerMinute):
    """So many tries to sign in a minute from one network: whoever guesses at many accounts meets this one.

    What one account has to wait is counted in the database, by `resign.staff.throttle`.
    """

    def __init__(self, per_minute: int = 30) -> None:
        super().__init__(per_minute)


class BadKeyLimit(_PerMinute):
    """So many requests to the API without a good key. Whoever has one is never counted."""

    def __init__(self, per_minute: int = 60) -> None:
        super().__init__(per_minute)


def _network(address: str | None) -> str:
    return _veiled(neighbourhood(address))


def _veiled(name: str) -> str:
    return hashlib.blake2b(name.encode(), key=_VEIL, digest_size=16).hexdigest()
