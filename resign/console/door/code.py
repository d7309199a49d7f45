"""The second step of the sign-in: six digits from the app, or a recovery code."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from resign.console import cookie
from resign.console.access import half_way
from resign.console.desk import desk
from resign.console.door import carried
from resign.console.door.steps import MOST_BYTES, arrived, raise_session, wanted
from resign.console.guard import check_mark
from resign.console.recognised import recognised
from resign.console.spoken import mark
from resign.staff import accounts, sign_in

blueprint = Blueprint("code", "resign.console")

_WRONG = mark("This code is not right. Each works once: wait for the next one and type that.")


@blueprint.get("/console/sign-in/code")
@half_way
def ask() -> Answer:
    if _is_through():
        return arrived(wanted(), "")
    if not _has_second_factor():
        return redirect(url_for("factor.enrolment", to=wanted() or None), 303)
    return page(wanted(), "")


@blueprint.post("/console/sign-in/code")
@half_way
def check() -> Answer:
    request.max_form_memory_size = MOST_BYTES
    brought = carried.brought_along()
    if _is_through():
        return arrived(wanted(), brought)
    check_mark()
    here, found = desk(), recognised()
    now, staff_id = here.clock.now(), found.staff.id if found else 0
    with here.database.writing() as session:
        right = sign_in.check_code(session, staff_id, request.form.get("code", ""), now, seal=here.seal)
        wait = 0 if right else sign_in.code_wait(session, staff_id, now)
        session.commit()
    if not right:
        return page(wanted(), brought, 429 if wait else 401, wrong=_WRONG, wait=wait)
    token = raise_session("a password and a code")
    return cookie.keep(arrived(wanted(), brought), token)


def page(to: str, brought: str, status: int = 200, *, wrong: str = "", wait: int = 0) -> Answer:
    text = render_template("door/code.html", to=to, brought=brought, wrong=wrong, wait=wait)
    return Response(text, status, headers={"Retry-After": str(wait)} if wait else {})


def _is_through() -> bool:
    found = recognised()
    return found is not None and found.level == "full"


def _has_second_factor() -> bool:
    found = recognised()
    with desk().database.reading() as session:
        account = accounts.account(session, found.staff.id) if found else None
    return account is not None and account.has_second_factor
