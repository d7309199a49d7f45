"""Who is there, by the cookie: looked up in the database once a request, and only where a page asks."""

from typing import cast

from flask import g

from resign.console import cookie
from resign.console.desk import desk
from resign.staff import sessions
from resign.staff.roles import Staff
from resign.staff.sessions import SignedIn

# Nobody is signed in: no role anywhere, and nothing that they do can be noted as somebody's.
NOBODY = Staff(id=0, name="", grants={})


def recognised() -> SignedIn | None:
    """The session, also one that is half way; None where there is none that holds."""
    if "recognised" not in g:
        # Where the database is away, the page that says so is for nobody in particular.
        g.recognised = None
        g.recognised = _looked_up(cookie.token())
    return cast("SignedIn | None", g.recognised)


def who() -> Staff:
    """Whoever is signed in, code and all; otherwise NOBODY."""
    found = recognised()
    return found.staff if found is not None and found.level == "full" else NOBODY


def look_again() -> None:
    """A session was opened, raised or ended within this request."""
    g.pop("recognised", None)


def become(found: SignedIn | None) -> None:
    g.recognised = found


def _looked_up(token: str) -> SignedIn | None:
    if not token:
        return None
    now = desk().clock.now()
    with desk().database.reading() as session:
        found = sessions.session_of(session, token, now)
    if found is not None and found.is_to_be_seen(now):
        with desk().database.writing() as session:
            sessions.seen(session, found, now)
            session.commit()
    return found
