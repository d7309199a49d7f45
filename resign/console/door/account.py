"""One's own account: where one is signed in, the password, the second factor, and the recovery codes."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from resign.console.access import signed_in, who
from resign.console.desk import desk
from resign.console.door import password
from resign.console.guard import check_mark
from resign.console.problems import Problem
from resign.console.recognised import recognised
from resign.console.spoken import mark, say
from resign.staff import accounts, recovery, sessions
from resign.staff.audit import note
from resign.staff.refusals import StaffRefusal

blueprint = Blueprint("account", "resign.console")

_NOT_RIGHT = mark("The password is not right. Nothing was changed.")
_NOT_ALIKE = mark("The two new passwords are not the same.")
_DONE = {
    "password": mark("Your password was changed. Everywhere else you are signed out."),
    "ended": mark("That session is over."),
    "others": mark("All your other sessions are over."),
}


@blueprint.get("/console/account")
@signed_in
def overview() -> Answer:
    return _page(done=_DONE.get(request.args.get("done", ""), ""))


@blueprint.post("/console/account/sessions/<int:number>/end")
@signed_in
def end_one(number: int) -> Answer:
    check_mark()
    with desk().database.writing() as session:
        if sessions.end(session, number, who().id):
            note(session, who(), "ended-session", desk().clock.now())
        session.commit()
    return _back("ended")


@blueprint.post("/console/account/sessions/end-others")
@signed_in
def end_others() -> Answer:
    check_mark()
    with desk().database.writing() as session:
        ended = sessions.end_all(session, who().id, but=_this_session())
        note(session, who(), "ended-sessions", desk().clock.now(), ended=ended)
        session.commit()
    return _back("others")


@blueprint.post("/console/account/password")
@signed_in
def change_password() -> Answer:
    check_mark()
    fresh = request.form.get("new-password", "")
    if fresh != request.form.get("new-password-again", ""):
        return _page(422, wrong={"new-password-again": _NOT_ALIKE})
    if not password.is_theirs():
        return _page(422, wrong={"password": _NOT_RIGHT})
    now = desk().clock.now()
    try:
        with desk().database.writing() as session:
            account = accounts.account(session, who().id)
            if account is None:
                raise Problem(403, mark("This account is gone."))
            accounts.set_password(session, account, fresh, now, who(), but=_this_session())
            session.commit()
    except StaffRefusal as refusal:
        return _page(422, wrong={"new-password": str(refusal)})
    return _back("password")


@blueprint.post("/console/account/recovery-codes")
@signed_in
def renew_codes() -> Answer:
    check_mark()
    if not password.is_theirs():
        return _page(422, wrong={"codes-password": _NOT_RIGHT})
    with desk().database.writing() as session:
        codes = recovery.renew(session, who().id)
        note(session, who(), "renewed-recovery-codes", desk().clock.now())
        session.commit()
    return Response(
        render_template("door/recovery.html", codes=codes, to=url_for("account.overview"), brought="")
    )


def _page(status: int = 200, *, wrong: dict[str, str] | None = None, done: str = "") -> Answer:
    now = desk().clock.now()
    with desk().database.reading() as session:
        account = accounts.account(session, who().id)
        mine = sessions.sessions_of(session, who().id, now)
        left = recovery.left(session, who().id)
    text = render_template(
        "door/account.html", account=account, sessions=mine, this=_this_session(), left=left,
        faults=wrong or {}, done=done, browser=_browser,
    )  # fmt: skip
    return Response(text, status)


def _browser(agent: str) -> str:
    """As it was kept at the sign-in, in the words of whoever reads it."""
    name, on, system = agent.partition(" on ")
    if on:
        return say(mark("%(browser)s on %(system)s"), browser=name, system=system)
    return name or say(mark("A browser that does not say which"))


def _back(done: str) -> Answer:
    return redirect(url_for("account.overview", done=done), 303)


def _this_session() -> int:
    found = recognised()
    return found.id if found is not None else 0
