"""When somebody decided, as other systems write it; what could be two moments is refused rather than guessed.

A day without a time is twenty-four hours of doubt. An opt-out then counts as of the day's last moment, and an opt-in as
of its first: so a day alone never makes an opt-out older, nor an opt-in newer, than it surely was. The same holds for
the hour that a clock shows twice in autumn. Where no choice is given, such a moment is refused.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Order = Literal["day-first", "month-first", ""]

_LONGEST = 64
_YEARS = range(1990, 2101)
_TIME = (
    r"(?:[T\s,]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<part>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<offset>Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?"
)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})" + _TIME)
_YEAR_LAST = re.compile(r"(?P<one>\d{1,2})(?P<sign>[-/.])(?P<two>\d{1,2})(?P=sign)(?P<year>\d{4})" + _TIME)
_SPELT = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(?P<day>\d{1,2})[\s-]+(?P<name>[A-Za-z]{3})[a-z]{0,6}[\s-]+(?P<year>\d{4})"
    + _TIME
)
_NUMBER = re.compile(r"(?P<whole>\d{5,16})(?:[.,](?P<part>\d{1,12}))?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# What a number can be follows from how large it is: days since 1900 (Excel), seconds, thousandths or millionths
# since 1970. Each is far away from the others for all years that matter here.
_EXCEL = (32_874, 73_415)  # 1990 to 2100
_EXCEL_BEGINS = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet knows no zone
_SECONDS = (1_000_000_000, 4_102_444_800)  # 2001 to 2100: below are too few digits to be sure
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_LEAST = timedelta(microseconds=1)


def moment(
    text: str,
    zone: ZoneInfo,
    order: Order,
    choice: Literal["opt-out", "opt-in"] | None = None,
    now: datetime | None = None,
) -> datetime | None:
    """Aware, in UTC; None for what is no moment, or could be two.

    `zone` is where a time without an offset was shown on a clock; `order` how `3.4.2026` is meant, "" where nobody
    says. `now` keeps the last moment of today from being one to come.
    """
    found = _between(text.strip(), zone, order) if len(text) <= _LONGEST and text.isascii() else None
    if found is None:
        return None
    first, last = found
    if first == last or choice == "opt-in":
        return first
    if choice is None:
        return None
    return now if now is not None and first <= now < last else last


def _between(text: str, zone: ZoneInfo, order: Order) -> tuple[datetime, datetime] | None:
    """The first and the last moment that are meant; the same where it is one."""
    try:
        if found := _NUMBER.fullmatch(text):
            return _number(found, zone)
        if found := _YEAR_FIRST.fullmatch(text):
            return _clock(date(int(found["year"]), int(found["month"]), int(found["day"])), found, zone)
        if (found := _YEAR_LAST.fullmatch(text)) and (day := _day(found, order)):
            return _clock(day, found, zone)
        if (found := _SPELT.fullmatch(text)) and (name := found["name"].lower()) in _MONTHS:
            day = date(int(found["year"]), _MONTHS.index(name) + 1, int(found["day"]))
            return _clock(day, found, zone)
    except (ValueError, OverflowError):
        pass
    return None


def _day(found: re.Match[str], order: Order) -> date | None:
    one, two, year = int(found["one"]), int(found["two"]), int(found["year"])
    if order == "day-first":
        return date(year, two, one)
    if order == "month-first":
        return date(year, one, two)
    if one == two or one > 12:  # noqa: PLR2004 - months
        return date(year, two, one)
    return date(year, one, two) if two > 12 else None  # noqa: PLR2004


def _clock(day: date, found: re.Match[str], zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    if day.year not in _YEARS:
        return None
    if found["hour"] is None:
        return _local(datetime.combine(day, time()), zone)[0], _local(
            datetime.combine(day + _DAY, time()), zone
        )[0] - _LEAST
    hour = int(found["hour"])
    if half := found["half"]:
        if not 1 <= hour <= 12:  # noqa: PLR2004
            return None
        hour = hour % 12 + (12 if half[0] in "Pp" else 0)
    part = int((found["part"] or "").ljust(6, "0")[:6])
    shown = datetime.combine(day, time(hour, int(found["minute"]), int(found["second"] or 0), part))
    if found["offset"] is None:
        return _local(shown, zone)
    there = shown.replace(tzinfo=UTC) - _offset(found["offset"])
    return there, there


def _offset(text: str) -> timedelta:
    if text[0] not in "+-":
        return timedelta()
    hours, minutes = int(text[1:3]), int(text[3:].lstrip(":") or 0)
    if hours > 14 or minutes > 59:  # noqa: PLR2004 - no clock on earth
        raise ValueError("no offset")
    return timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1)


def _local(shown: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When a clock in the zone showed it: twice where it was put back, and never quite where it was put forward."""
    both = (shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    first, last = sorted(both)
    return first, last


def _number(found: re.Match[str], zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    whole, part = int(found["whole"]), found["part"]
    if _EXCEL[0] <= whole <= _EXCEL[1]:
        shown = _EXCEL_BEGINS + timedelta(days=whole)
        if part is None:
            return _local(shown, zone)[0], _local(shown + _DAY, zone)[0] - _LEAST
        # A day's part is written with some digits; a clock showed whole seconds.
        return _local(shown + timedelta(seconds=round(float(f"0.{part}") * 86_400)), zone)
    if len(found["whole"]) == 8 and part is None:  # noqa: PLR2004 - 20260113
        text = found["whole"]
        return _between(f"{text[:4]}-{text[4:6]}-{text[6:]}", zone, "")
    for per_second in (1, 1_000, 1_000_000):
        if _SECONDS[0] <= whole / per_second <= _SECONDS[1]:
            seconds = timedelta(microseconds=whole * 1_000_000 // per_second)
            at = _EPOCH + seconds + timedelta(seconds=float(f"0.{part}") if part and per_second == 1 else 0)
            return at, at
    return None
