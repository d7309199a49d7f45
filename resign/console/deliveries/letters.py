"""Dead letters: what was refused for good and why; one, all, or those that match a filter are sent again."""

import time

from flask import Blueprint, current_app, redirect, render_template, request
from sqlalchemy import Select, select
from werkzeug.wrappers import Response as Answer

from resign.console.access import may, mine, who
from resign.console.deliveries.asked import AGES, Asked, asked, destinations
from resign.console.desk import desk
from resign.console.guard import check_mark
from resign.console.problems import Problem
from resign.console.spoken import mark
from resign.ledger.tables import Decision
from resign.outbox.dead import Batch, Which, dead_letters, how_many, reasons, retry, retry_some
from resign.outbox.tables import MessageRow
from resign.staff.audit import note

blueprint = Blueprint("letters", "resign.console")
_ON_A_PAGE = 50
_COUNTED = 10_000
# Then whoever waits is told how far it got, and may press once more.
_MOST_SECONDS = 20.0


@blueprint.get("/console/deliveries/dead")
@may("operator")
def letters() -> str:
    given = asked()
    with desk().database.reading() as session:
        found = dead_letters(session, _ON_A_PAGE + 1, which=_which(given), after=given.after)
        choices = reasons(session, mine("operator"))
    page = found[:_ON_A_PAGE]
    return render_template(
        "deliveries/letters.html", asked=given, letters=page, ages=AGES, reasons=choices,
        workspaces=mine("operator"), destinations=destinations(),
        older=given.behind(page[-1].id) if len(found) > _ON_A_PAGE else None,
        may_open=_may_open, sent=_number("sent"), stayed=_number("stayed"), left=_number("left"),
    )  # fmt: skip


@blueprint.post("/console/deliveries/<workspace>/dead/<int:number>/retry")
@may("operator")
def retry_one(workspace: str, number: int) -> Answer:
    """One that is gone, or was overtaken meanwhile, is said and not sent."""
    check_mark()
    now = desk().clock.now()
    with desk().database.writing() as session:
        about = session.execute(_whose(number)).first()
        if about is None or about.workspace != workspace:
            raise Problem(404, mark("There is no page here."))
        sent = retry(session, now, [number])
        if sent:
            note(session, who(), "sent-again", now, workspace=workspace, subject=about.digest, letter=number)
        session.commit()
    return redirect(asked().back(sent=sent, stayed=1 - sent), 303)


@blueprint.get("/console/deliveries/dead/retry")
@may("operator")
def ask() -> str:
    given = asked()
    with desk().database.reading() as session:
        count = how_many(session, _which(given), _COUNTED + 1)
    return render_template(
        "deliveries/retry.html", asked=given, count=min(count, _COUNTED), more=count > _COUNTED, ages=AGES
    )


@blueprint.post("/console/deliveries/dead/retry")
@may("operator")
def retry_matching() -> Answer:
    """In parts, each with its own transaction and its own deed: opt-outs are recorded between them."""
    check_mark()
    given = asked()
    which, ends = _which(given), time.monotonic() + _MOST_SECONDS
    sent = stayed = 0
    for workspace in which.workspaces or ():
        after: int | None = 0
        while after is not None:
            if time.monotonic() > ends:
                return redirect(given.back(sent=sent, stayed=stayed, left=1), 303)
            part = _send_some(given, workspace, after)
            sent, stayed, after = sent + part.sent, stayed + part.stayed, part.last
    return redirect(given.back(sent=sent, stayed=stayed), 303)


def _send_some(given: Asked, workspace: str, after: int) -> Batch:
    now = desk().clock.now()
    with desk().database.writing() as session:
        part = retry_some(session, now, given.which([workspace], now), after=after)
        if part.sent:
            # What was typed as a reason could be anything, also an address.
            note(
                session, who(), "sent-again", now, workspace=workspace, letters=part.sent,
                destination=given.destination or None, age=given.age or None, by_reason=bool(given.reason),
            )  # fmt: skip
        session.commit()
    return part


def _whose(number: int) -> Select[str, str]:
    return (
        select(MessageRow.workspace, Decision.digest)
        .join(Decision, Decision.seq == MessageRow.decision_seq)
        .where(MessageRow.id == number)
    )


def _which(given: Asked) -> Which:
    whose = mine("operator")
    return given.which([each for each in whose if given.workspace in {"", each}], desk().clock.now())


def _may_open(workspace: str) -> bool:
    return "person.person" in current_app.view_functions and who().may({"support"}, workspace)


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 - no more than that were sent
