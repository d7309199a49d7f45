"""Lets in whoever brings a good key with the scope that the route names. Only failures are counted and limited."""

from flask import g, request
from sqlalchemy.exc import SQLAlchemyError

from resign.api.desk import desk
from resign.api.problems import Refused
from resign.api_keys.opening import Holder, note_use, opened
from resign.api_keys.scopes import Scope


def admit(scope: Scope) -> None:
    """Raises Refused."""
    here, now = desk(), desk().clock.now()
    with here.database.reading() as session:
        found = opened(session, request.headers.get("Authorization", ""), now)
    if found is None or found.workspace not in here.workspaces:
        wait = here.bad_keys.wait(request.remote_addr, now)
        if wait:
            raise Refused("too-many-failures", Retry_After=str(wait))
        raise Refused("unauthorized", WWW_Authenticate='Bearer realm="api"')
    if scope not in found.scopes:
        raise Refused("forbidden")
    g.holder = found
    if found.is_stale:
        _note(found)


def _note(found: Holder) -> None:
    """It is shown to people and decides nothing, so a request does not fail of it."""
    here = desk()
    try:
        with here.database.writing() as session:
            note_use(session, found, here.clock.now())
            session.commit()
    except (SQLAlchemyError, OSError):
        return
