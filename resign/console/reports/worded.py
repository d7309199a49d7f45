"""What reports call columns, names and periods, and how they say a number: in the reader's language."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from resign.console import wording
from resign.console.desk import desk
from resign.console.spoken import language, mark, say
from resign.reports.figure import Cell
from resign.reports.span import Grain, Span
from resign.reports.words import in_words

NOTHING = "\u2013"
UNKNOWN = mark("not known")
OTHERS = mark("all others")
COLUMNS = {
    "opt_outs": mark("Opt-outs"),
    "undone": mark("Taken back"),
    "kept": mark("Kept"),
    "share": mark("Share"),
    "confirmed": mark("Confirmed"),
    "p50": mark("Half within (p50)"),
    "p95": mark("95 of 100 within (p95)"),
    "worst": mark("The longest"),
    "within_48h": mark("Within 48 hours"),
    "waiting_longer": mark("Waiting for longer than 48 hours"),
    "known": mark("With a known mail"),
    "mails": mark("Mails"),
    "campaign": mark("Campaign"),
    "method": mark("Method"),
    "reason": mark("Reason"),
    "language": mark("Language"),
    "agreement": mark("Agreement"),
}
PERIODS: dict[Grain, str] = {"day": mark("Day"), "week": mark("Week from"), "month": mark("Month")}
GRAINS: dict[Grain, str] = {"day": mark("days"), "week": mark("weeks"), "month": mark("months")}
_REASONS = {
    "": mark("in their own words"),
    "too-many": mark("too many emails"),
    "not-relevant": mark("not relevant"),
    "never-asked": mark("never asked for"),
    "other-address": mark("another address"),
}
# So many days at the most are told apart without their year.
_WITHIN_A_YEAR = 300


def column(name: str, grain: Grain = "day") -> str:
    return say(PERIODS[grain]) if name == "period" else say(COLUMNS.get(name, name))


def named(workspace: str, by: str) -> Callable[[str], str]:
    """What the ledger calls by a word of its own, as people call it."""
    return {
        "method": wording.method,
        "reason": lambda code: _reason(workspace, code),
        "language": lambda tag: wording.tongue(tag) if tag else say(UNKNOWN),
        "agreement": lambda name: wording.agreement(workspace, name),
        "campaign": lambda name: name or say(UNKNOWN),
    }.get(by, column)


def _reason(workspace: str, code: str) -> str:
    spoken = desk().brands[workspace].asked.get(code) if workspace in desk().brands else None
    if spoken is not None:
        return spoken(language())
    return say(_REASONS[code]) if code in _REASONS else code


def cell(value: Cell, grain: Grain = "day") -> str:
    """Empty for what is not known."""
    if value is None:
        return ""
    if isinstance(value, timedelta):
        return in_words(value.total_seconds())
    if isinstance(value, datetime):
        return wording.second(value)
    if isinstance(value, date):
        return period(value, grain)
    if isinstance(value, float):
        return desk().words.percent(value, language())
    return desk().words.number(value, language()) if isinstance(value, int) else value


def decimal(value: float) -> str:
    return desk().words.number(round(value, 1), language())


def period(day: date, grain: Grain = "day") -> str:
    return desk().words.date(day, language(), "yMMMM" if grain == "month" else "")


def labels(span: Span) -> Callable[[date | str], str]:
    """Short, for below a chart."""
    parts = "yMMM" if span.grain == "month" else "yMMMd"
    if span.grain != "month" and (span.last - span.first).days <= _WITHIN_A_YEAR:
        parts = "MMMd"
    words, tongue = desk().words, language()
    return lambda day: day if isinstance(day, str) else words.date(day, tongue, parts)
