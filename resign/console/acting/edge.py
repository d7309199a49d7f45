"""Where an act meets the database: whom it is for, one transaction, and what is said where that cannot be had."""

import logging
import re
from collections.abc import Callable
from typing import TypeVar

from flask import Response, redirect, render_template, url_for
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from resign.acting.act import Act
from resign.acting.person import Person, find
from resign.console.access import who
from resign.console.desk import desk
from resign.console.problems import Problem
from resign.console.spoken import mark

log = logging.getLogger(__name__)

Told = TypeVar("Told")
_AWAY = 503
_DIGEST = re.compile(r"[0-9a-f]{32}")


class Unavailable(Exception):
    """The database could not be had. Nothing was recorded that we know of."""


def act_in(workspace: str) -> Act:
    return Act(by=who(), workspace=desk().workspaces[workspace], at=desk().clock.now())


def person_of(session: Session, workspace: str, digest: str) -> Person:
    """Raises Problem where nothing is recorded of anybody with this digest."""
    person = find(session, workspace, digest) if _DIGEST.fullmatch(digest) else None
    if person is None:
        raise Problem(404, mark("Nobody here is known by this."))
    return person


def looked(work: Callable[[Session], Told]) -> Told:
    """What `work` reads; raises Unavailable."""
    try:
        with desk().database.reading() as session:
            return work(session)
    except (SQLAlchemyError, OSError) as error:
        raise _said(error) from error


def looked_first(work: Callable[[Session], Told]) -> Told:
    """The same before anything was typed; raises Problem."""
    try:
        return looked(work)
    except Unavailable as error:
        raise Problem(
            _AWAY, mark("This cannot be looked up at the moment. Try again in a minute.")
        ) from error


def done(work: Callable[[Session], Told]) -> Told:
    """What `work` did, once it is durable; raises Unavailable where it is not."""
    try:
        with desk().database.writing() as session:
            told = work(session)
            session.commit()
    except (SQLAlchemyError, OSError) as error:
        raise _said(error) from error
    return told


def page(template: str, status: int, **context: object) -> Answer:
    text = render_template(f"acting/{template}.html", status=status, **context)
    return Response(text, status, headers={"Retry-After": "60"} if status == _AWAY else {})


def back(workspace: str, digest: str, said: str) -> Answer:
    """To the person's page, which says what was done."""
    return redirect(url_for("person.person", workspace=workspace, digest=digest, said=said), 303)


def _said(error: Exception) -> Unavailable:
    log.warning("An act could not be recorded (%s)", type(error).__name__)
    return Unavailable(type(error).__name__)
