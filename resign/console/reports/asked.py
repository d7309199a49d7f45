"""What a report is asked for by its address: the days, the steps, and by what. Each fault is said at its field."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import cast

from resign.console.spoken import mark, say
from resign.console.themes.part import Faults, Said
from resign.reports.figures import By
from resign.reports.span import EARLIEST, GRAINS, LATEST, BadSpan, Grain, Span

PRESETS = (7, 30, 90, 365)
_LATELY = 30
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_TYPED = 40
# Of so many days at the most each is drawn as one; of so many, each week.
_IN_DAYS, _IN_WEEKS = 100, 740


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`typed` is what the form shows again. There is no `span` where something is wrong."""

    typed: Mapping[str, str]
    span: Span | None = None
    by: By | None = None
    agreement: str | None = None
    faults: Faults = field(default_factory=dict)

    @property
    def address(self) -> dict[str, str]:
        """What stands in the address of this very report, and stays the same tomorrow."""
        return {name: value for name, value in self.typed.items() if value}


def asked_of(
    given: Mapping[str, str], today: date, by: Collection[str] = (), agreements: Collection[str] = ()
) -> Asked:
    """`given` is a query's, which is anybody's. The last 30 days, where it names none."""
    typed = {
        name: given.get(name, "").strip()[:_MOST_TYPED] for name in ("from", "to", "grain", "by", "agreement")
    }
    faults: Faults = {}
    last = _day(typed, "to", faults) or today
    first = _day(typed, "from", faults) or max(
        EARLIEST, last - timedelta(days=_preset(given, typed, faults) - 1)
    )
    for name, known in (("grain", GRAINS), ("by", by), ("agreement", agreements)):
        if typed[name] and typed[name] not in known:
            _wrong(faults, name, mark("There is nothing of that name. Choose one of the list."))
    if faults:
        return Asked(typed=typed, faults=faults)
    grain = cast("Grain", typed["grain"] or _fitting((last - first).days))
    try:
        span = Span(first, last, grain)
    except BadSpan as bad:
        name = {"backwards": "to", "long": "from", "far": "to"}[bad.fault]
        _wrong(faults, name, _BAD[bad.fault])
        return Asked(typed=typed, faults=faults)
    typed |= {"from": str(first), "to": str(last), "grain": grain}
    return Asked(
        typed=typed,
        span=span,
        by=cast("By | None", typed["by"] or None),
        agreement=typed["agreement"] or None,
    )


_FAR = mark("A report is about days from 2000-01-01 to 2999-12-31.")
_BAD = {
    "backwards": mark("The last day lies before the first."),
    "long": mark("A report covers ten years at the most."),
    "far": _FAR,
}


def _day(typed: Mapping[str, str], name: str, faults: Faults) -> date | None:
    text = typed[name]
    if not text:
        return None
    try:
        day = date.fromisoformat(text) if _ISO.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        _wrong(faults, name, mark("“%(text)s” is no day. Write it like 2026-05-31."), text=text)
    elif not EARLIEST <= day <= LATEST:
        _wrong(faults, name, _FAR)
    else:
        return day
    return None


def _preset(given: Mapping[str, str], typed: Mapping[str, str], faults: Faults) -> int:
    """How many days until the last one, where only the last one is known."""
    text = given.get("days", "").strip()
    if not text or typed["from"]:
        return _LATELY
    if text not in map(str, PRESETS):
        _wrong(faults, "from", mark("Choose a first day, or one of the lengths offered here."))
        return _LATELY
    return int(text)


def _fitting(days: int) -> Grain:
    if days <= _IN_DAYS:
        return "day"
    return "week" if days <= _IN_WEEKS else "month"


def _wrong(faults: Faults, name: str, message: str, **values: object) -> None:
    faults.setdefault(name, []).append(Said(text=say(message, **values)))
