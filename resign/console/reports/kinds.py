"""The reports: what each is called, what it tells, and how its figure is asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy.orm import Session

from resign.console.problems import Problem
from resign.console.reports.asked import Asked
from resign.console.spoken import mark
from resign.reports import figures
from resign.reports.figure import Figure
from resign.reports.figures import By
from resign.reports.span import Span

Ask = Callable[[Session, str, Span, Asked, datetime], Figure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`name` as in `resign report`. `nothing` is said where there is none of it."""

    name: str
    title: str
    about: str
    nothing: str
    ask: Ask
    by: tuple[By, ...] = ()
    # What its figure is of, whether or not it was asked for.
    always_by: By | Literal[""] = ""
    agreement: bool = False


_EACH: tuple[Kind, ...] = (
    Kind(
        name="opt-outs",
        title=mark("Opt-outs"),
        about=mark("How many opt-outs were recorded, and by what."),
        nothing=mark("Nobody opted out in this time."),
        ask=lambda session, workspace, span, asked, _: figures.opt_outs_over_time(
            session, workspace, span, asked.by, None if asked.by == "reason" else asked.agreement
        ),
        by=get_args(By),
        agreement=True,
    ),
    Kind(
        name="undone",
        title=mark("Taken back"),
        about=mark("The share of opt-outs that people took back themselves within 24 hours."),
        nothing=mark("Nobody opted out in this time."),
        ask=lambda session, workspace, span, asked, _: figures.share_undone(
            session, workspace, span, asked.agreement
        ),
        agreement=True,
    ),
    Kind(
        name="confirmation",
        title=mark("Time to confirmation"),
        about=mark(
            "How long it took until Synerise's own profile said so. The promise is 48 hours; usual are seconds."
        ),
        nothing=mark("Nothing was confirmed in this time."),
        ask=lambda session, workspace, span, _, now: figures.time_to_confirmation(
            session, workspace, span, now
        ),
    ),
    Kind(
        name="mail-to-opt-out",
        title=mark("From mail to opt-out"),
        about=mark("How long after the campaign's mail people opted out, where Synerise told of the mail."),
        nothing=mark("Of no opt-out in this time is the mail known."),
        ask=lambda session, workspace, span, *_: figures.mail_to_opt_out(session, workspace, span),
    ),
    Kind(
        name="mailed-after",
        title=mark("Mailed after opting out"),
        about=mark(
            "Mails that went out after the opt-out was confirmed. There should be none. A new link or a confirmation that the person asked for does not count."
        ),
        nothing=mark("Nobody was mailed after opting out, as far as Synerise told of its mails."),
        ask=lambda session, workspace, span, *_: figures.mailed_after(session, workspace, span),
        always_by="campaign",
    ),
)
KINDS = {kind.name: kind for kind in _EACH}


def kind_of(name: str) -> Kind:
    if name not in KINDS:
        raise Problem(404, mark("There is no such report."))
    return KINDS[name]
