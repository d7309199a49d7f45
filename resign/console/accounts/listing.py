"""Everybody who may sign in, and somebody new."""

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from resign.console.access import may, mine, who
from resign.console.accounts import invitation
from resign.console.desk import desk
from resign.console.guard import check_mark
from resign.staff import accounts, passwords
from resign.staff.refusals import BAD_ROLE, StaffRefusal
from resign.staff.roles import EVERYWHERE, ROLES

blueprint = Blueprint("people", "resign.console")


@blueprint.get("/console/staff")
@may("admin")
def staff() -> Answer:
    return page()


@blueprint.post("/console/staff")
@may("admin")
def add() -> Answer:
    check_mark()
    here, now = desk(), desk().clock.now()
    role, place = request.form.get("role", ""), request.form.get("workspace", "")
    if place not in places():
        return page(422, wrong=BAD_ROLE)
    try:
        with here.database.writing() as session:
            # A password that nobody knows; the link sets another one.
            added = accounts.add(session, request.form.get("name", ""), passwords.generated(), now, who())
            accounts.grant(session, added, role, place, now, who())
            session.commit()
    except StaffRefusal as refusal:
        return page(422, wrong=str(refusal))
    link = url_for("setting_up.ask", token=invitation.made(added, now, here.secret))
    return Response(render_template("accounts/link.html", account=added, link=f"{here.url}{link}"))


def page(status: int = 200, *, wrong: str = "") -> Answer:
    with desk().database.reading() as session:
        everybody, grants = accounts.accounts(session), accounts.all_grants(session)
    text = render_template(
        "accounts/staff.html", everybody=everybody, grants=grants, places=places(), roles=ROLES, wrong=wrong,
        everywhere=EVERYWHERE, typed=request.form,
    )  # fmt: skip
    return Response(text, status)


def places() -> tuple[str, ...]:
    """Where whoever asks may give roles."""
    workspaces = mine("admin")
    return (EVERYWHERE, *workspaces) if who().may({"admin"}, EVERYWHERE) else workspaces
