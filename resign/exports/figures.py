"""A report as a file: which figure was asked for, of which days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast, get_args

from sqlalchemy.orm import Session

from resign.clock import Clock
from resign.reports import figures
from resign.reports.figure import Figure
from resign.reports.span import GRAINS, BadSpan, Span

REPORTS = ("opt-outs", "undone", "confirmation", "mail-to-opt-out", "mailed-after", "bursts")
_LATELY = 29
_MOST_OF_A_NAME = 64


class NoSuchReport(ValueError):
    """What was asked for is no report, or no days of one."""


@dataclass(frozen=True, slots=True)
class AskedFigure:
    """`by` and `agreement` are for opt-outs only."""

    report: str
    span: Span
    by: figures.By | None = None
    agreement: str | None = None

    @classmethod
    def of(cls, typed: Mapping[str, str], today: date) -> "AskedFigure":
        """As a form sends it: the last 30 days, where it names none. Raises NoSuchReport."""
        report, by, grain = (typed.get(name, "") for name in ("report", "by", "grain"))
        try:
            last = date.fromisoformat(typed.get("to") or today.isoformat())
            first = date.fromisoformat(typed.get("from") or (last - timedelta(days=_LATELY)).isoformat())
            span = Span(first, last, grain if grain in GRAINS else "day")
        except (ValueError, OverflowError, BadSpan):
            raise NoSuchReport from None
        if report not in REPORTS:
            raise NoSuchReport
        return cls(
            report,
            span,
            cast("figures.By", by) if by in get_args(figures.By) else None,
            typed.get("agreement", "").replace("\x00", " ")[:_MOST_OF_A_NAME] or None,
        )

    def figure(self, session: Session, workspace: str, clock: Clock) -> Figure:
        if self.report == "opt-outs":
            return figures.opt_outs_over_time(session, workspace, self.span, self.by, self.agreement)
        if self.report == "confirmation":
            return figures.time_to_confirmation(session, workspace, self.span, clock.now())
        others = {
            "undone": figures.share_undone,
            "mail-to-opt-out": figures.mail_to_opt_out,
            "mailed-after": figures.mailed_after,
            "bursts": figures.bursts,
        }
        return others[self.report](session, workspace, self.span)
