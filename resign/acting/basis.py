"""On what an act rests, in words: how the person asked, and when. Read from what was typed, fault by fault."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, cast, get_args

Channel = Literal["phone", "letter", "e-mail", "in-person"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
MOST_CHARACTERS = 1_000

Fault = Literal["missing", "too-long", "address", "unreadable", "future", "long-ago"]
Faults = dict[str, Fault]

# Also with the wide signs of East Asian keyboards, which NFKC makes plain ones.
_ADDRESS = re.compile(r"[^\s@]@[^\s@]+\.[^\s@]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Where the day begins first: the date is a person's own, and nobody here knows their time zone.
_EARLIEST_ZONE = timedelta(hours=14)
# A slip of the keyboard in the year, and no letter that lay about.
_LONG_AGO = timedelta(days=10 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """`channel` and `asked_on` are None where nobody asked, because staff mend a mistake of their own."""

    words: str
    channel: Channel | None = None
    asked_on: date | None = None

    def detail(self) -> dict[str, str]:
        """As it stands in a deed."""
        told = {"basis": self.words}
        if self.channel and self.asked_on:
            told |= {"channel": self.channel, "asked_on": self.asked_on.isoformat()}
        return told


def read(typed: Mapping[str, str], now: datetime, *, asked: bool = True) -> tuple[Basis | None, Faults]:
    """From the fields `basis`, `channel` and `asked_on`: the basis, or what is wrong with each of them."""
    faults: Faults = {}
    words, fault = _words(typed.get("basis", ""))
    if fault:
        faults["basis"] = fault
    if not asked:
        return (None if faults else Basis(words=words)), faults
    channel = typed.get("channel", "")
    if channel not in CHANNELS:
        faults["channel"] = "missing"
    day, fault = _day(typed.get("asked_on", "").strip(), now)
    if fault:
        faults["asked_on"] = fault
    if faults:
        return None, faults
    return Basis(words=words, channel=cast("Channel", channel), asked_on=day), faults


def _words(given: str) -> tuple[str, Fault | None]:
    text = unicodedata.normalize("NFC", given).replace("\r\n", "\n").strip()
    if not text:
        return "", "missing"
    if len(text) > MOST_CHARACTERS:
        return "", "too-long"
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Cn"} and sign not in "\n\t" for sign in text):
        return "", "unreadable"
    if _ADDRESS.search(unicodedata.normalize("NFKC", text)):
        return "", "address"
    return text, None


def _day(given: str, now: datetime) -> tuple[date | None, Fault | None]:
    if not given:
        return None, "missing"
    try:
        day = date.fromisoformat(given) if _DAY.fullmatch(given) else None
    except ValueError:
        day = None
    if day is None:
        return None, "unreadable"
    if day > (now + _EARLIEST_ZONE).date():
        return None, "future"
    return (None, "long-ago") if day < (now - _LONG_AGO).date() else (day, None)
