"""Scanner bursts: which there were, what is known of one, and what two people decide about it. Nothing decides by itself."""

from typing import cast

from flask import Blueprint, Response, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from resign.console.access import may, who
from resign.console.desk import desk
from resign.console.guard import check_mark
from resign.console.problems import Problem
from resign.console.reports.asked import PRESETS, asked_of
from resign.console.reports.burst_page import burst_page
from resign.console.reports.file import file_of
from resign.console.reports.frame import Frame
from resign.console.spoken import mark, say
from resign.reports import figures, reversal
from resign.reports.judging import standings
from resign.reports.reversal import MOST_TEXT, CannotReverse, Person
from resign.reports.reversal_tables import BurstProposal
from resign.reports.tables import Burst
from resign.staff.audit import note

blueprint = Blueprint("bursts", "resign.console")
_MOST = 2**63 - 1
_SAID = {
    "missing": mark("This was not found any more."),
    "no-evidence": mark("Say what shows that no person pressed."),
    "no-reason": mark("Say why it is refused."),
    "long": mark("At most 4,000 characters can be kept."),
    "waits": mark("Somebody has proposed this meanwhile; it waits for an answer."),
    "answered": mark("Somebody has answered this meanwhile; see below. Nothing was done now."),
    "own": mark("Somebody else has to answer what you proposed."),
    "not-own": mark("Only who proposed it can take it back."),
}
_UNSURE = mark("Tick that you have looked at the evidence.")


@blueprint.get("/console/bursts/<workspace>")
@may("support", "marketer", "operator")
def bursts(workspace: str) -> str | tuple[str, int]:
    with desk().database.reading() as session:
        frame = Frame(session, workspace)
        asked = asked_of(request.args, frame.today)
        figure = figures.bursts(session, workspace, asked.span) if asked.span else None
        judged = standings(session, [cast("int", row[0]) for row in figure.rows]) if figure else {}
    page = frame.around(
        "bursts",
        "support",
        "marketer",
        "operator",
        asked=asked,
        presets=PRESETS,
        figure=figure,
        judged=judged,
    )
    return (page, 422) if asked.faults else page


@blueprint.get("/console/bursts/<workspace>/csv")
@may("marketer", "operator")
def csv(workspace: str) -> Response:
    with desk().database.reading() as session:
        asked = asked_of(request.args, Frame(session, workspace).today)
        if asked.span is None:
            raise Problem(422, mark("These days make no report. Go back and choose others."))
        figure = figures.bursts(session, workspace, asked.span)
    return file_of(figure, "bursts", workspace, asked.span, asked)


@blueprint.get("/console/bursts/<workspace>/<int:number>")
@may("support", "marketer", "operator")
def burst(workspace: str, number: int) -> str:
    return _page(workspace, number)


@blueprint.post("/console/bursts/<workspace>/<int:number>/proposal")
@may("support")
def propose(workspace: str, number: int) -> Answer | tuple[str, int]:
    check_mark()
    evidence = request.form.get("evidence", "")
    try:
        with desk().database.writing() as session:
            _burst(session, workspace, number)
            made = reversal.propose(session, number, by=_me(), evidence=evidence, now=desk().clock.now())
            _note(session, "proposed-reversal", workspace, number, made.id)
            session.commit()
    except CannotReverse as reason:
        return _refused(workspace, number, "evidence", reason, evidence)
    return redirect(url_for("bursts.burst", workspace=workspace, number=number), 303)


@blueprint.post("/console/bursts/<workspace>/<int:number>/answer")
@may("support")
def answer(workspace: str, number: int) -> Answer | tuple[str, int]:
    """`do` is approve, refuse or recall; `proposal` the one that was read."""
    check_mark()
    do, why = request.form.get("do", ""), request.form.get("why", "")
    if do == "approve" and request.form.get("sure") != "yes":
        return _page(workspace, number, {"sure": say(_UNSURE)}), 422
    try:
        with desk().database.writing() as session:
            _burst(session, workspace, number)
            _answered(session, workspace, number, do, why)
            session.commit()
    except CannotReverse as reason:
        return _refused(workspace, number, "why", reason, why)
    return redirect(url_for("bursts.burst", workspace=workspace, number=number), 303)


def _answered(session: Session, workspace: str, number: int, do: str, why: str) -> None:
    now, named = desk().clock.now(), _number(request.form.get("proposal", ""))
    proposal = session.get(BurstProposal, named)
    if proposal is None or proposal.burst_id != number:
        raise Problem(404, mark("There is no such proposal."))
    if do == "approve":
        reversal.approve(session, named, by=_me(), workspaces=desk().workspaces, now=now)
        _note(session, "approved-reversal", workspace, number, named)
    elif do == "refuse":
        reversal.refuse(session, named, by=_me(), why=why, now=now)
        _note(session, "refused-reversal", workspace, number, named)
    elif do == "recall":
        reversal.recall(session, named, by=_me(), now=now)
        _note(session, "recalled-reversal", workspace, number, named)
    else:
        raise Problem(422, mark("This form was sent without its button. Nothing was changed."))


def _note(session: Session, action: str, workspace: str, number: int, proposal: int) -> None:
    note(session, who(), action, desk().clock.now(), workspace=workspace, burst=number, proposal=proposal)


def _refused(workspace: str, number: int, field: str, reason: CannotReverse, typed: str) -> tuple[str, int]:
    status = 409 if reason.why in {"waits", "answered"} else 422
    said = say(_SAID[reason.why]) if reason.why in _SAID else str(reason)
    # Where the text is at fault, its field is there still; all else may have changed the forms.
    place = field if reason.why in {"no-evidence", "no-reason", "long"} else "do"
    return _page(workspace, number, {place: said}, typed[: 2 * MOST_TEXT]), status


def _page(workspace: str, number: int, faults: dict[str, str] | None = None, typed: str = "") -> str:
    with desk().database.reading() as session:
        frame = Frame(session, workspace)
        found = burst_page(
            session, _burst(session, workspace, number), _me(), _number(request.args.get("after", ""))
        )
    return frame.around(
        "burst", "support", "marketer", "operator", page=found, faults=faults or {}, typed=typed
    )


def _burst(session: Session, workspace: str, number: int) -> Burst:
    found = session.get(Burst, number) if number <= _MOST else None
    if found is None or found.workspace != workspace:
        raise Problem(404, mark("There is no such burst."))
    return found


def _me() -> Person:
    return Person(who().name, who().id or None)


def _number(text: str) -> int:
    """Zero for what is no number of ours."""
    is_one = text.isascii() and text.isdigit() and len(text) < len(str(_MOST))
    return int(text) if is_one else 0
