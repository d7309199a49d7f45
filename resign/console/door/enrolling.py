"""Takes up a second factor: at the first sign-in, or another one in place of the one there was."""

import re

import segno
from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from resign.console import cookie
from resign.console.access import half_way
from resign.console.desk import desk
from resign.console.door import carried, password
from resign.console.door.steps import MOST_BYTES, raise_session, wanted
from resign.console.guard import check_mark
from resign.console.problems import Problem
from resign.console.recognised import recognised
from resign.console.spoken import mark
from resign.staff import accounts, second_factor
from resign.staff.refusals import PROVE_FIRST, StaffRefusal
from resign.staff.second_factor import Offer
from resign.staff.sessions import SignedIn
from resign.staff.tables import Account

blueprint = Blueprint("factor", "resign.console")

_NOT_YOURS = mark("The password is not right. Nothing was changed.")


@blueprint.get("/console/second-factor")
@half_way
def enrolment() -> Answer:
    return page(wanted(), "")


@blueprint.post("/console/second-factor")
@half_way
def confirm() -> Answer:
    request.max_form_memory_size = MOST_BYTES
    check_mark()
    here, found = desk(), _found()
    brought = carried.brought_along()
    if found.level == "full" and not password.is_theirs():
        return page(wanted(), brought, 422, wrong_password=_NOT_YOURS)
    try:
        with here.database.writing() as session:
            codes = second_factor.enrol(
                session,
                _account(session, found),
                found.level,
                request.form.get("code", ""),
                here.clock.now(),
                cookie.token(),
                seal=here.seal,
            )
            session.commit()
    except StaffRefusal as refusal:
        if str(refusal) == PROVE_FIRST:
            return redirect(url_for("code.ask", to=wanted() or None), 303)
        return page(wanted(), brought, 422, wrong_code=str(refusal))
    fresh = raise_session("a password and a new second factor") if found.level == "password" else ""
    answer = Response(render_template("door/recovery.html", codes=codes, to=wanted(), brought=brought))
    return cookie.keep(answer, fresh) if fresh else answer


def page(
    to: str, brought: str, status: int = 200, *, wrong_code: str = "", wrong_password: str = ""
) -> Answer:
    found = _found()
    try:
        with desk().database.writing() as session:
            offered = second_factor.offer(
                session, _account(session, found), found.level, cookie.token(), seal=desk().seal
            )
            session.commit()
    except StaffRefusal as refusal:
        if str(refusal) == PROVE_FIRST:
            return redirect(url_for("code.ask", to=to or None), 303)
        raise Problem(403, str(refusal)) from None
    text = render_template(
        "door/enrolment.html", to=to, brought=brought, offered=offered, picture=_picture(offered),
        is_full=found.level == "full", groups=" ".join(re.findall(".{1,4}", offered.secret)), wrong_code=wrong_code, wrong_password=wrong_password,
    )  # fmt: skip
    return Response(text, status)


def _picture(offered: Offer) -> str:
    """The QR code as an address of its own, because nothing is fetched; black on white, or no camera reads it."""
    return segno.make(offered.uri, error="m").svg_data_uri(scale=5, border=3, dark="#000", light="#fff")


def _found() -> SignedIn:
    found = recognised()
    assert found is not None  # noqa: S101 - the views are for nobody else
    return found


def _account(session: Session, found: SignedIn) -> Account:
    account = accounts.account(session, found.staff.id)
    if account is None:
        raise Problem(403, mark("This account is gone."))
    return account
