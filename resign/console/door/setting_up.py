"""Opens the link that an admin gave somebody: they choose the password of their account."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from resign.console.access import anybody
from resign.console.accounts import invitation
from resign.console.desk import desk
from resign.console.marks import check_mark_of_door
from resign.console.problems import Problem
from resign.console.spoken import mark
from resign.staff import accounts
from resign.staff.refusals import StaffRefusal
from resign.staff.tables import Account

blueprint = Blueprint("setting_up", "resign.console")

_NOT_ALIKE = mark("The two new passwords are not the same.")


@blueprint.get("/console/set-up/<token>")
@anybody
def ask(token: str) -> Answer:
    with desk().database.reading() as session:
        return _page(token, _invited(session, token))


@blueprint.post("/console/set-up/<token>")
@anybody
def choose(token: str) -> Answer:
    check_mark_of_door()
    here, now = desk(), desk().clock.now()
    chosen = request.form.get("new-password", "")
    with here.database.writing() as session:
        account = _invited(session, token)
        if chosen != request.form.get("new-password-again", ""):
            return _page(token, account, 422, wrong={"new-password-again": _NOT_ALIKE})
        try:
            accounts.set_password(session, account, chosen, now, accounts.staff_of(session, account))
        except StaffRefusal as refusal:
            return _page(token, account, 422, wrong={"new-password": str(refusal)})
        session.commit()
    return redirect(url_for("door.sign_in_page", set=1), 303)


def _page(token: str, account: Account, status: int = 200, *, wrong: dict[str, str] | None = None) -> Answer:
    text = render_template("door/setting_up.html", token=token, account=account, faults=wrong or {})
    return Response(text, status)


def _invited(session: Session, token: str) -> Account:
    """For every reason the same."""
    here = desk()
    account = accounts.account(session, invitation.number_in(token))
    if account is None or not invitation.is_good(token, account, here.clock.now(), here.secret):
        raise Problem(404, mark("This link is over, or was used before. Ask for another one."))
    return account
