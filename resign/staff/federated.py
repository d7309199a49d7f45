"""Accounts that an identity provider vouches for: known by what it calls them, with the roles that it says they have.

They are never the same as an account of the same name or address here: whoever can choose a name there must not
become somebody here.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from resign.staff import names, sessions
from resign.staff.audit import note
from resign.staff.granted import grants_of
from resign.staff.refusals import StaffRefusal
from resign.staff.roles import Staff
from resign.staff.tables import Account, Grant

_PREFIX = "oidc:"


def welcome(
    session: Session,
    issuer: str,
    subject: str,
    called: str,
    grants: Collection[tuple[str, str]],
    now: datetime,
) -> Account | None:
    """The account, with exactly these grants (role and workspace); None where it may not sign in.

    Without a grant there is no account, and an account that has lost its last one is signed out everywhere.
    """
    found = session.scalar(
        select(Account).where(Account.issuer == issuer, Account.oidc_subject == subject).with_for_update()
    )
    if found is None:
        if not grants:
            return None
        found = _add(session, issuer, subject, called, now)
    _change_grants(session, found, set(grants), now)
    if not grants:
        sessions.end_all(session, found.id)
    return found if grants and found.is_active else None


def _add(session: Session, issuer: str, subject: str, called: str, now: datetime) -> Account:
    """The same person may come in another tab, or another of the same name, in this very moment."""
    theirs = select(Account).where(Account.issuer == issuer, Account.oidc_subject == subject)
    unmistakable = _PREFIX + hashlib.sha256(f"{issuer} {subject}".encode()).hexdigest()[:16]
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    for name in (_name(called) or unmistakable, unmistakable):
        row = dialect.insert(Account).values(
            name=name, state="active", created_at=now, issuer=issuer, oidc_subject=subject
        )
        added = session.execute(row.on_conflict_do_nothing())
        found = session.scalar(theirs)
        if found is not None:
            if cast("CursorResult[Any]", added).rowcount == 1:
                note(session, _themselves(session, found), "added-staff", now, account=found.name)
            return found
    raise AssertionError("another account has this one's digest for a name")


def _name(called: str) -> str:
    """As the provider calls them, with its sign; an empty text where that is no name."""
    try:
        name = _PREFIX + names.checked(called)
    except StaffRefusal:
        return ""
    return name if len(name) <= names.MOST_CHARACTERS else ""


def _change_grants(session: Session, who: Account, wanted: set[tuple[str, str]], now: datetime) -> None:
    held = session.scalars(select(Grant).where(Grant.staff_id == who.id))
    had = {(each.role, each.workspace) for each in held}
    by = _themselves(session, who)
    for role, place in sorted(had - wanted):
        session.delete(session.get_one(Grant, (who.id, place, role)))
        note(session, by, "revoked-role", now, workspace=place, account=who.name, role=role)
    for role, place in sorted(wanted - had):
        session.add(Grant(staff_id=who.id, workspace=place, role=role))
        note(session, by, "granted-role", now, workspace=place, account=who.name, role=role)
    session.flush()


def _themselves(session: Session, who: Account) -> Staff:
    """Noted under their own name, whose prefix says on whose word it was done."""
    return Staff(id=who.id, name=who.name, grants=grants_of(session, who.id))
