"""From one page of the sign-in to the next: where somebody wanted to go, and what they had typed, come along."""

import re
from datetime import datetime

from flask import Response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from resign.console import cookie
from resign.console.desk import desk
from resign.console.door import carried
from resign.console.door.network import network
from resign.console.problems import Problem
from resign.console.recognised import become, recognised, who
from resign.console.spoken import mark
from resign.staff import networks, sessions
from resign.staff.audit import note
from resign.staff.roles import Staff
from resign.staff.sessions import Level

# What is carried along may be a whole template, and is longer in its wrapping.
MOST_BYTES = 2 * 1024 * 1024
# Only what lies here is followed: no other host, and nothing that a browser could read as one.
_OWN = re.compile(r"/console/[!-\[\]-~]{0,2000}")


def wanted() -> str:
    """Where somebody wants to go, as the form or the address says; an empty text where that is nowhere of ours."""
    given = request.form.get("to") or request.args.get("to", "")
    return given if _OWN.fullmatch(given) else ""


def asked_for() -> str:
    """What this request asks for, to come back to it."""
    path = request.full_path.removesuffix("?")
    return path if _OWN.fullmatch(path) and request.endpoint != "home.home" else ""


def take_session(staff_id: int, level: Level, way: str) -> str:
    """Opens a session in place of the one there was; the token for the cookie. From here on they are recognised.

    `way` is how they proved who they are, for the history.
    """
    here, before = desk(), recognised()
    now = here.clock.now()
    with here.database.writing() as session:
        if before is not None:
            sessions.end(session, before.id, before.staff.id)
        agent = request.headers.get("User-Agent", "")
        token = sessions.open_session(session, staff_id, now, agent=agent, level=level)
        found = sessions.session_of(session, token, now)
        if found is not None and level == "full":
            _note(session, found.staff, now, way)
        session.commit()
    become(found)
    cookie.renew(token)
    return token


def raise_session(way: str) -> str:
    """The second factor was right: another token, and all that their roles allow."""
    here, token = desk(), cookie.token()
    now = here.clock.now()
    with here.database.writing() as session:
        fresh = sessions.rotate(session, token, now, "full")
        found = sessions.session_of(session, fresh, now)
        if found is not None:
            _note(session, found.staff, now, way)
        session.commit()
    become(found)
    cookie.renew(fresh)
    return fresh


def arrived(to: str, brought: str) -> Answer:
    found = carried.unpacked(brought) if brought else None
    if found is None:
        return redirect(to or url_for("home.home"), 303)
    if found.staff_id != who().id:
        raise Problem(
            403,
            mark("What was typed before belongs to another account. It was left out, and nothing was sent."),
        )
    return Response(render_template("door/again.html", carried=found))


def _note(session: Session, staff: Staff, now: datetime, way: str) -> None:
    note(session, staff, "signed-in", now, way=way)
    networks.remember(session, staff, network(), now)
