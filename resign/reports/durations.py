"""Durations as a histogram: buckets that grow by 5 per cent, so that percentiles over any span come from sums."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import accumulate

_MILLISECOND = timedelta(milliseconds=1)
# The promise is an edge of its own, so that "within 48 hours" is exact and not a bucket's guess.
PROMISE = timedelta(hours=48)
_PROMISE_BUCKET = 388
_GROWTH = (PROMISE / _MILLISECOND) ** (1 / _PROMISE_BUCKET)
_BUCKETS = 540  # up to nine years; what took longer counts as that

# Upper edges in milliseconds, included; the lowest few are the same.
EDGES: list[int] = [round(_GROWTH**number) for number in range(_BUCKETS + 1)]


def bucket_of(duration: timedelta) -> int:
    """Clocks of two machines may make a duration negative: it was short, then."""
    return min(bisect_left(EDGES, max(1, -(-duration // _MILLISECOND))), _BUCKETS)


def upper_edge(bucket: int) -> timedelta:
    return timedelta(milliseconds=EDGES[bucket])


def percentiles(counts: Mapping[int, int], shares: Sequence[float]) -> list[timedelta | None]:
    """The durations within which those shares (0 to 1, rising) lie: at most 5 per cent too long, never too short."""
    buckets = sorted(counts)
    sums = list(accumulate(counts[bucket] for bucket in buckets))
    if not sums or not sums[-1]:
        return [None] * len(shares)
    return [upper_edge(buckets[bisect_left(sums, share * sums[-1])]) for share in shares]


def within_promise(counts: Mapping[int, int]) -> int:
    """How many took 48 hours at the most; exact."""
    return sum(count for bucket, count in counts.items() if bucket <= _PROMISE_BUCKET)
