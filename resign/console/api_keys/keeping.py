"""The page with all keys of an operator's workspaces, and what can be done with one. A new key is shown this once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from resign.api_keys import keys
from resign.api_keys.keys import MOST_IN_A_NAME, Made
from resign.api_keys.refusals import BAD_END
from resign.api_keys.scopes import MEANINGS
from resign.api_keys.tables import ApiKey
from resign.console.access import may, mine, who
from resign.console.desk import desk
from resign.console.guard import check_mark
from resign.console.problems import Problem
from resign.console.spoken import mark
from resign.staff.refusals import StaffRefusal

blueprint = Blueprint("api_keys", "resign.console")

_OVERLAP = timedelta(hours=24)


@blueprint.get("/console/api-keys")
@may("operator")
def api_keys() -> Answer:
    return _page()


@blueprint.post("/console/api-keys")
@may("operator")
def add() -> Answer:
    check_mark()
    workspace = request.form.get("workspace", "")
    if workspace not in mine("operator"):
        raise Problem(404, mark("There is no page here."))

    def make(session: Session, now: datetime) -> Made:
        return keys.add(
            session, request.form.get("name", ""), workspace, request.form.getlist("scope"), now, who(),
            origin=request.form.get("origin", "").strip() or None, expires_at=_end(),
        )  # fmt: skip

    return _make(make)


@blueprint.post("/console/api-keys/<workspace>/<key_id>/rotate")
@may("operator")
def rotate(workspace: str, key_id: str) -> Answer:
    check_mark()
    return _make(
        lambda session, now: keys.rotate(session, _found(session, workspace, key_id), _OVERLAP, now, who())
    )


@blueprint.post("/console/api-keys/<workspace>/<key_id>/revoke")
@may("operator")
def revoke(workspace: str, key_id: str) -> Answer:
    check_mark()
    with desk().database.writing() as session:
        keys.revoke(session, _found(session, workspace, key_id), desk().clock.now(), who())
        session.commit()
    return redirect(url_for("api_keys.api_keys"), 303)


def _make(make: Callable[[Session, datetime], Made]) -> Answer:
    try:
        with desk().database.writing() as session:
            made = make(session, desk().clock.now())
            session.commit()
    except StaffRefusal as refusal:
        return _page(422, wrong=str(refusal))
    return Response(render_template("api_keys/made.html", key=made.key, text=made.text))


def _page(status: int = 200, *, wrong: str = "") -> Answer:
    with desk().database.reading() as session:
        found = keys.keys(session, mine("operator"))
    text = render_template(
        "api_keys/keys.html", keys=found, now=desk().clock.now(), places=mine("operator"), scopes=MEANINGS,
        typed=request.form, chosen=request.form.getlist("scope"), wrong=wrong, most=MOST_IN_A_NAME,
    )  # fmt: skip
    return Response(text, status)


def _found(session: Session, workspace: str, key_id: str) -> ApiKey:
    found = keys.key_of(session, key_id)
    if found is None or found.workspace != workspace:
        raise Problem(404, mark("There is no such key."))
    return found


def _end() -> datetime | None:
    typed = request.form.get("expires", "").strip()
    if not typed:
        return None
    try:
        return datetime.strptime(typed, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise StaffRefusal(BAD_END) from None
