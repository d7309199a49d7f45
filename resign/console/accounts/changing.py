"""One account: its roles, its sessions, its second factor, and whether it may sign in at all."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from resign.console.access import may, who
from resign.console.accounts import invitation
from resign.console.accounts.listing import places
from resign.console.desk import desk
from resign.console.guard import check_mark
from resign.console.problems import Problem
from resign.console.spoken import mark
from resign.staff import accounts, granted, passwords, sessions
from resign.staff.audit import note
from resign.staff.refusals import BAD_ROLE, StaffRefusal
from resign.staff.roles import EVERYWHERE, ROLES
from resign.staff.tables import Account

blueprint = Blueprint("changing", "resign.console")

Change = Callable[[Session, Account, datetime], object]
_ASKED = {
    "disable": (
        mark(
            "Nobody signs in with this account until it is enabled again, and whoever is signed in is out at once."
        ),
        mark("Disable the account"),
    ),
    "second-factor": (
        mark(
            "The app and the recovery codes that they have are worth nothing from then on. Whoever knows the password takes up another one at the next sign-in, so be sure who asks for it."
        ),
        mark("Ask for another second factor"),
    ),
    "sessions": (
        mark(
            "Whoever is signed in with this account is out at once, and what they typed and did not send may be lost. They can sign in again."
        ),
        mark("End the sessions"),
    ),
}


@blueprint.get("/console/staff/<int:number>")
@may("admin")
def account(number: int) -> Answer:
    return _page(number)


@blueprint.get("/console/staff/<int:number>/ask/<act>")
@may("admin")
def ask(number: int, act: str) -> str:
    """What it does to whom, before it is done."""
    if act not in _ASKED:
        raise Problem(404, mark("There is no such page."))
    now = desk().clock.now()
    with desk().database.reading() as session:
        them = _found(session, number)
        open_sessions = len(sessions.sessions_of(session, them.id, now))
    question, button = _ASKED[act]
    return render_template(
        "accounts/ask.html", account=them, sessions=open_sessions, act=act, question=question, button=button
    )


@blueprint.post("/console/staff/<int:number>/grant")
@may("admin")
def grant(number: int) -> Answer:
    role = request.form.get("role", "")
    return _change(
        number, lambda session, them, now: accounts.grant(session, them, role, _place(), now, who())
    )


@blueprint.post("/console/staff/<int:number>/revoke")
@may("admin")
def revoke(number: int) -> Answer:
    role, place = request.form.get("role", ""), request.form.get("workspace", "").replace("\x00", "")
    return _change(number, lambda session, them, now: accounts.revoke(session, them, role, place, now, who()))


@blueprint.post("/console/staff/<int:number>/disable")
@may("admin")
def disable(number: int) -> Answer:
    return _change(number, lambda session, them, now: accounts.disable(session, them, now, who()))


@blueprint.post("/console/staff/<int:number>/enable")
@may("admin")
def enable(number: int) -> Answer:
    return _change(number, lambda session, them, now: accounts.enable(session, them, now, who()))


@blueprint.post("/console/staff/<int:number>/second-factor")
@may("admin")
def reset_second_factor(number: int) -> Answer:
    return _change(number, lambda session, them, now: accounts.reset_second_factor(session, them, now, who()))


@blueprint.post("/console/staff/<int:number>/sessions")
@may("admin")
def end_sessions(number: int) -> Answer:
    def end(session: Session, them: Account, now: datetime) -> None:
        granted.refuse_strangers(session, them, who())
        ended = sessions.end_all(session, them.id)
        note(session, who(), "ended-sessions", now, account=them.name, ended=ended)

    return _change(number, end)


@blueprint.post("/console/staff/<int:number>/password")
@may("admin")
def new_link(number: int) -> Answer:
    """The password there was is worth nothing from now on; the link sets another one."""
    check_mark()
    here, now = desk(), desk().clock.now()
    try:
        with here.database.writing() as session:
            them = _found(session, number)
            accounts.set_password(session, them, passwords.generated(), now, who())
            session.commit()
    except StaffRefusal as refusal:
        return _page(number, 422, wrong=str(refusal))
    link = url_for("setting_up.ask", token=invitation.made(them, now, here.secret))
    return Response(render_template("accounts/link.html", account=them, link=f"{here.url}{link}"))


def _change(number: int, change: Change) -> Answer:
    check_mark()
    try:
        with desk().database.writing() as session:
            change(session, _found(session, number), desk().clock.now())
            session.commit()
    except StaffRefusal as refusal:
        return _page(number, 422, wrong=str(refusal))
    return redirect(url_for("changing.account", number=number), 303)


def _page(number: int, status: int = 200, *, wrong: str = "") -> Answer:
    now = desk().clock.now()
    with desk().database.reading() as session:
        them = _found(session, number)
        held = granted.grants_of(session, them.id)
        open_sessions = sessions.sessions_of(session, them.id, now)
    text = render_template(
        "accounts/account.html", account=them, held=sorted(held.items()), sessions=open_sessions,
        places=places(), roles=ROLES, everywhere=EVERYWHERE, wrong=wrong,
    )  # fmt: skip
    return Response(text, status)


def _found(session: Session, number: int) -> Account:
    found = accounts.account(session, number) if number < 2**31 else None
    if found is None:
        raise Problem(404, mark("There is no such account."))
    return found


def _place() -> str:
    place = request.form.get("workspace", "")
    if place not in places():
        raise StaffRefusal(BAD_ROLE)
    return place
