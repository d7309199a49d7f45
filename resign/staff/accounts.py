"""The accounts: who may sign in, what they may do, and when no longer. Every change is noted as somebody's deed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from resign.staff import names, passwords, sessions
from resign.staff.audit import note
from resign.staff.granted import grants_of, refuse_strangers, refuse_without_admin
from resign.staff.refusals import BAD_ROLE, NAME_TAKEN, NOT_LOCAL, NOT_YOURS, StaffRefusal
from resign.staff.roles import ROLES, Role, Staff
from resign.staff.tables import Account, Grant, RecoveryCode


def account_named(session: Session, name: str) -> Account | None:
    return session.scalar(select(Account).where(Account.name == names.folded(name)))


def account(session: Session, staff_id: int) -> Account | None:
    return session.get(Account, staff_id)


def accounts(session: Session) -> Sequence[Account]:
    """All of them, by name."""
    return session.scalars(select(Account).order_by(Account.name)).all()


def add(session: Session, name: str, password: str, now: datetime, by: Staff) -> Account:
    """An active account without any role. Raises StaffRefusal."""
    name = names.checked(name)
    passwords.check(password, name)
    added = Account(name=name, state="active", created_at=now, password=passwords.hashed(password))
    if account_named(session, name) is not None:
        raise StaffRefusal(NAME_TAKEN)
    session.add(added)
    try:
        session.flush()
    except IntegrityError:  # somebody else added it in this moment
        raise StaffRefusal(NAME_TAKEN) from None
    _note(session, by, "added-staff", now, added)
    return added


def grant(session: Session, who: Account, role: str, workspace: str, now: datetime, by: Staff) -> bool:
    """False where it was granted already. The caller knows that there is such a workspace; `*` is everywhere."""
    _check(who, role, workspace, by)
    if session.get(Grant, (who.id, workspace, role)) is not None:
        return False
    session.add(Grant(staff_id=who.id, workspace=workspace, role=role))
    session.flush()
    _note(session, by, "granted-role", now, who, workspace=workspace, role=role)
    return True


def revoke(
    session: Session,
    who: Account,
    role: str,
    workspace: str,
    now: datetime,
    by: Staff,
    *,
    force: bool = False,
) -> bool:
    """False where it was not granted. `force` lets the last admin go."""
    _check(who, role, workspace, by)
    if role == "admin" and not force:
        refuse_without_admin(session, who, [workspace])
    found = session.get(Grant, (who.id, workspace, role))
    if found is None:
        return False
    session.delete(found)
    session.flush()
    _note(session, by, "revoked-role", now, who, workspace=workspace, role=role)
    return True


def disable(session: Session, who: Account, now: datetime, by: Staff, *, force: bool = False) -> None:
    """Nobody signs in with it any more, and whoever is signed in is not. `force` lets the last admin go."""
    refuse_strangers(session, who, by)
    if not force:
        held = grants_of(session, who.id)
        refuse_without_admin(session, who, [place for place, roles in held.items() if "admin" in roles])
    who.state = "disabled"
    sessions.end_all(session, who.id)
    _note(session, by, "disabled-staff", now, who)


def enable(session: Session, who: Account, now: datetime, by: Staff) -> None:
    refuse_strangers(session, who, by)
    who.state = "active"
    _note(session, by, "enabled-staff", now, who)


def sign_out(session: Session, who: Account, now: datetime, by: Staff) -> None:
    """Ends all their sessions."""
    refuse_strangers(session, who, by)
    sessions.end_all(session, who.id)
    _note(session, by, "ended-sessions", now, who)


def set_password(
    session: Session, who: Account, password: str, now: datetime, by: Staff, *, but: int | None = None
) -> None:
    """Ends all their sessions, except the one whose id is `but`: their own, when they change it themselves."""
    refuse_strangers(session, who, by)
    if not who.is_local:
        raise StaffRefusal(NOT_LOCAL)
    passwords.check(password, who.name)
    who.password = passwords.hashed(password)
    sessions.end_all(session, who.id, but=but)
    _note(session, by, "changed-password" if by.id == who.id else "reset-password", now, who)


def reset_second_factor(session: Session, who: Account, now: datetime, by: Staff) -> None:
    """They enrol another one at their next sign-in. All their sessions end."""
    refuse_strangers(session, who, by)
    who.totp_secret = who.totp_offered = who.totp_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == who.id))
    sessions.end_all(session, who.id)
    _note(session, by, "reset-second-factor", now, who)


def staff_of(session: Session, who: Account) -> Staff:
    return Staff(id=who.id, name=who.name, grants=grants_of(session, who.id))


def all_grants(session: Session) -> Mapping[int, Sequence[Grant]]:
    """By account, for a list of all of them."""
    found: dict[int, list[Grant]] = {}
    for each in session.scalars(select(Grant).order_by(Grant.workspace, Grant.role)):
        found.setdefault(each.staff_id, []).append(each)
    return found


def _check(who: Account, role: str, workspace: str, by: Staff) -> None:
    if role not in ROLES:
        raise StaffRefusal(BAD_ROLE)
    if not who.is_local:
        raise StaffRefusal(NOT_LOCAL)
    if not by.may({"admin"}, workspace):
        raise StaffRefusal(NOT_YOURS)


def _note(
    session: Session,
    by: Staff,
    action: str,
    now: datetime,
    who: Account,
    *,
    workspace: str | None = None,
    role: Role | str | None = None,
) -> None:
    more = {} if role is None else {"role": role}
    note(session, by, action, now, workspace=workspace, account=who.name, **more)
