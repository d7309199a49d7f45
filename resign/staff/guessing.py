"""Notes that somebody guesses at a password or a code, once an hour for each account: a flood of tries is one line."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.staff.audit import note
from resign.staff.roles import Staff
from resign.staff.tables import Deed

_AT_MOST_EVERY = timedelta(hours=1)
# Of such lines so many are looked at, the newest. Where more accounts are guessed at in one hour, some have two lines.
_LOOKED_AT = 200
# For names that no account has there is one line for all of them. What was typed is not kept: it may have been a
# password in the wrong field. A colon parts a provider from its names, so nobody is called so.
NO_ACCOUNT = ":nobody"


def note_guessing(session: Session, name: str | None, action: str, now: datetime) -> None:
    """`name` is an account's; None where there is none. The same statements for both. The caller commits."""
    whose = name or NO_ACCOUNT
    newest = (
        select(Deed.name, Deed.at).where(Deed.action == action).order_by(Deed.id.desc()).limit(_LOOKED_AT)
    )
    lines = session.execute(newest).all()
    if not any(line.name == whose and line.at > now - _AT_MOST_EVERY for line in lines):
        # By nobody who was signed in: the name tells at whose account it was.
        note(session, Staff(id=0, name=whose, grants={}), action, now)
        session.flush()
