"""The last thirty days of a workspace in six figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from resign.console.reports import worded
from resign.console.reports.kinds import KINDS
from resign.console.reports.shown import Shown, shown
from resign.console.spoken import mark, say
from resign.reports import figures
from resign.reports.figure import Cell
from resign.reports.judging import unjudged
from resign.reports.span import Span

DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """`report` is the page that tells more."""

    name: str
    value: str
    more: str
    report: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    span: Span
    shown: Shown
    facts: tuple[Fact, ...]


def overview(session: Session, workspace: str, today: date, now: datetime) -> Overview:
    span = Span(today - timedelta(days=DAYS - 1), today)
    outs = figures.opt_outs_over_time(session, workspace, span)
    undone = figures.share_undone(session, workspace, span).totals
    confirmed = figures.time_to_confirmation(session, workspace, span, now).totals
    mailed = figures.mailed_after(session, workspace, span).totals
    opt_outs = _number(outs.totals, "opt_outs")
    facts = (
        Fact(
            name=say(mark("Opt-outs a day")),
            value=worded.decimal(opt_outs / DAYS),
            more=say(mark("%(count)s in all"), count=worded.cell(opt_outs)),
            report="opt-outs",
        ),
        Fact(
            name=say(mark("Taken back")),
            value=_said(undone["share"]),
            more=say(mark("%(count)s within 24 hours"), count=worded.cell(undone["undone"])),
            report="undone",
        ),
        Fact(
            name=say(mark("95 of 100 confirmed within")),
            value=_said(confirmed["p95"]),
            more=say(mark("the longest %(time)s"), time=_said(confirmed["worst"])),
            report="confirmation",
        ),
        Fact(
            name=say(mark("Confirmed within 48 hours")),
            value=_said(confirmed["within_48h"]),
            more=say(mark("%(count)s waiting for longer"), count=worded.cell(confirmed["waiting_longer"])),
            report="confirmation",
        ),
        Fact(
            name=say(mark("Mailed after opting out")),
            value=_said(mailed["mails"]),
            more=say(mark("mails that Synerise told of")),
            report="mailed-after",
        ),
        Fact(
            name=say(mark("Bursts to be looked at")),
            value=worded.cell(unjudged(session, workspace, span)),
            more=say(mark("many opt-outs of one domain within a minute")),
            report="bursts",
        ),
    )
    kind = KINDS["opt-outs"]
    return Overview(span=span, shown=shown(outs, workspace, span, say(kind.title)), facts=facts)


def _said(value: Cell) -> str:
    return worded.cell(value) or worded.NOTHING


def _number(totals: Mapping[str, Cell], name: str) -> int:
    value = totals[name]
    return value if isinstance(value, int) else 0
