"""The sign-in: a name and a password, answered alike and in the same time whatever is wrong with them (E7)."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from resign.console import cookie
from resign.console.access import anybody
from resign.console.desk import desk
from resign.console.door import carried, code, enrolling
from resign.console.door.password import tried
from resign.console.door.steps import MOST_BYTES, arrived, asked_for, take_session, wanted
from resign.console.guard import check_mark
from resign.console.marks import check_mark_of_door
from resign.console.problems import SignInFirst
from resign.console.recognised import become, recognised
from resign.console.spoken import mark
from resign.staff import accounts, sessions
from resign.staff.audit import note
from resign.staff.sign_in import Refused

blueprint = Blueprint("door", "resign.console")

_WRONG = mark("The name or the password is not right.")


@blueprint.get("/console/sign-in")
@anybody
def sign_in_page() -> Answer:
    if recognised() is not None:
        return next_page(wanted(), "")
    return _page(left="left" in request.args)


@blueprint.post("/console/sign-in")
@anybody
def enter() -> Answer:
    request.max_form_memory_size = MOST_BYTES
    brought = carried.brought_along()
    found = recognised()
    if found is not None and found.level == "full":
        return arrived(wanted(), brought)
    check_mark_of_door()
    said = tried(request.form.get("name", ""), request.form.get("password", ""))
    if isinstance(said, Refused):
        return _refused(said, brought)
    token = take_session(said.staff_id, "full" if said.needs == "nothing" else "password", "password")
    return cookie.keep(next_page(wanted(), brought), token)


@blueprint.post("/console/sign-out")
@anybody
def leave() -> Answer:
    """Ends the session here, whatever becomes of the cookie."""
    found = recognised()
    if found is not None:
        check_mark()
        with desk().database.writing() as session:
            sessions.end(session, found.id, found.staff.id)
            note(session, found.staff, "signed-out", desk().clock.now())
            session.commit()
        become(None)
    answer = redirect(url_for("door.sign_in_page", left=1), 303)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return cookie.drop(answer)


def next_page(to: str, brought: str) -> Answer:
    """What is still to come before somebody is signed in, or where they wanted to go."""
    found = recognised()
    if found is None:
        return redirect(url_for("door.sign_in_page", to=to or None), 303)
    if found.level == "full":
        return arrived(to, brought)
    with desk().database.reading() as session:
        account = accounts.account(session, found.staff.id)
    has_second_factor = account is not None and account.has_second_factor
    if brought:  # it fits into no address
        return code.page(to, brought) if has_second_factor else enrolling.page(to, brought)
    return redirect(url_for("code.ask" if has_second_factor else "factor.enrolment", to=to or None), 303)


def sign_in_first(_error: SignInFirst) -> Answer:
    """What was asked for is the next page after the sign-in; what was sent waits in the sign-in's own page."""
    if request.method in {"GET", "HEAD"}:
        return next_page(asked_for(), "")
    sent = carried.sent_now()
    brought = carried.packed(sent) if sent else ""
    text = render_template(
        "door/sign_in.html",
        wrong="",
        wait=0,
        brought=brought,
        left=False,
        to="",
        over=True,
        name="",
        sent=sent,
    )
    return Response(text, 401)


def _refused(said: Refused, brought: str) -> Answer:
    seconds = said.wait_seconds
    answer = _page(429 if seconds else 401, wrong=_WRONG, wait=seconds, brought=brought)
    if seconds:
        answer.headers["Retry-After"] = str(seconds)
    return answer


def _page(
    status: int = 200, *, wrong: str = "", wait: int = 0, brought: str = "", left: bool = False
) -> Response:
    text = render_template(
        "door/sign_in.html", wrong=wrong, wait=wait, brought=brought, left=left, to=wanted(), over=False,
        name=request.form.get("name", "")[:200], sent=None,
    )  # fmt: skip
    return Response(text, status)
