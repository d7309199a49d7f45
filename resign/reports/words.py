"""Durations, large numbers and long names as they fit into a chart."""

from unicodedata import combining, east_asian_width

_MINUTE, _HOUR, _DAY = 60.0, 3_600.0, 86_400.0
# Where a chart of durations has its lines, in seconds.
TIMES = (
    0.001,
    0.01,
    0.1,
    1.0,
    10.0,
    _MINUTE,
    10 * _MINUTE,
    _HOUR,
    10 * _HOUR,
    2 * _DAY,
    20 * _DAY,
    200 * _DAY,
    2_000 * _DAY,
)
_MOST_WIDE = 24


def in_words(seconds: float) -> str:
    """Two digits are enough: `350 ms`, `1.4 s`, `12 min`, `48 h`, `9 d`. The units are international."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    for most, unit, length in ((_MINUTE, "s", 1), (_HOUR, "min", _MINUTE), (3 * _DAY, "h", _HOUR)):
        if seconds < most:
            return f"{seconds / length:.2g} {unit}"
    return f"{seconds / _DAY:,.0f} d"


def shortened(what: float | str) -> str:
    """`12k` for 12,000, and a name that is too long with an ellipsis; a Chinese sign is as wide as two letters."""
    if not isinstance(what, str):
        for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
            if abs(what) >= size * 10 or (abs(what) >= size and what % (size / 10) == 0):
                return f"{what / size:g}{letter}"
        return f"{what:g}"
    kept, wide = "", 0
    for character in " ".join(what.split()):
        wide += 0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1
        if wide > _MOST_WIDE:
            return f"{kept}…"
        kept += character
    return kept
