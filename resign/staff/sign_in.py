"""Signing in with a name, a password, and a second factor; slowly for whoever guesses, and alike for every name (E7).

Comparing a password takes a twentieth of a second on purpose. A page does not hold the database's writer for so long:
it asks `begin`, commits, asks `Attempt.is_right` outside of any transaction, and `settle` in a second one.
`check_password` does all three at once, where nobody waits.

Failures count for the account as it is tried from one network, so that a stranger makes only their own neighbourhood
wait. The account alone has a far larger count, for those who come from many networks; it does not hold where the
account's owner has signed in from lately.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.staff import names, networks, passwords, recovery, second_factor, throttle
from resign.staff.audit import note
from resign.staff.granted import grants_of
from resign.staff.guessing import note_guessing
from resign.staff.roles import Staff
from resign.staff.sealing import Seal
from resign.staff.tables import Account

# For one account from wherever but its usual networks: then about 200 a day, where any one network has about 100.
FREE_FROM_ANYWHERE = 100

Demand = Literal["required", "optional"]
Needs = Literal["code", "enrolment", "nothing"]


@dataclass(frozen=True, slots=True)
class Passed:
    """The password was right. `needs` is what is still to come before they are signed in."""

    staff_id: int
    needs: Needs


@dataclass(frozen=True, slots=True)
class Refused:
    """For every reason the same. `wait_seconds`: before then no further try counts; 0 is no wait."""

    wait_seconds: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try, which counts as failed until `settle` says otherwise. `counted` says whether also for the account alone."""

    name: str
    network: str
    counted: bool
    staff_id: int | None
    kept: str | None

    def is_right(self, password: str) -> bool:
        """Takes as long for a name that nobody has. Touches no database."""
        return passwords.matches(self.kept, password)


def check_password(
    session: Session,
    name: str,
    password: str,
    now: datetime,
    second_factor: Demand = "required",
    network: str = "",
) -> Passed | Refused:
    attempt = begin(session, name, now, network)
    if isinstance(attempt, Refused):
        return attempt
    return settle(
        session, attempt, password, now, right=attempt.is_right(password), second_factor=second_factor
    )


def begin(session: Session, name: str, now: datetime, network: str = "") -> Attempt | Refused:
    """The same statements for every name, known or not. The caller commits before the password is compared.

    `network` is a keyed digest of where they come from.
    """
    name = names.folded(name[: names.MOST_CHARACTERS + 1])
    anywhere = throttle.count(session, _whose(name), now, free=FREE_FROM_ANYWHERE)
    usual = networks.is_usual(session, name, network, now)
    found = session.scalar(select(Account).where(Account.name == name))
    if anywhere and not usual:
        return Refused(anywhere)
    if seconds := throttle.count(session, networks.account_at(name, network), now):
        if not anywhere:
            throttle.take_back(session, _whose(name))
        return Refused(seconds)
    usable = found is not None and found.is_active
    return Attempt(
        name, network, not anywhere, found.id if found else None, found.password if found and usable else None
    )


def settle(
    session: Session,
    attempt: Attempt,
    password: str,
    now: datetime,
    *,
    right: bool,
    second_factor: Demand = "required",
) -> Passed | Refused:
    """`right` is what `attempt.is_right(password)` said. The account may have changed meanwhile."""
    found = (
        session.scalar(select(Account).where(Account.id == attempt.staff_id, Account.state == "active"))
        if right
        else None
    )
    if found is None or found.password is None or found.password != attempt.kept:
        seconds = _wait(session, attempt, now)
        if seconds:
            known = attempt.name if attempt.staff_id is not None else None
            note_guessing(session, known, "wrong-passwords", now)
        return Refused(seconds)
    # What strangers have failed at is not forgiven because its owner came: they would have begun anew each time.
    if attempt.counted:
        throttle.take_back(session, _whose(attempt.name))
    throttle.clear(session, networks.account_at(attempt.name, attempt.network))
    if passwords.is_outdated(found.password):
        found.password = passwords.hashed(password)
    if found.has_second_factor:
        return Passed(found.id, "code")
    return Passed(found.id, "enrolment" if second_factor == "required" else "nothing")


def check_code(session: Session, staff_id: int, code: str, now: datetime, *, seal: Seal) -> bool:
    """The app's code, or a recovery code, each once. A wrong one counts; during the wait a right one is refused too."""
    whose = _whose_code(staff_id)
    if throttle.count(session, whose, now):
        return False
    found = session.get(Account, staff_id)
    if found is None or not found.is_active or not found.has_second_factor:
        return False
    code = code[:100]
    if second_factor.is_right(session, found, code, now, seal=seal):
        throttle.clear(session, whose)
        return True
    if recovery.use(session, staff_id, code):
        throttle.clear(session, whose)
        staff = Staff(id=found.id, name=found.name, grants=grants_of(session, found.id))
        note(session, staff, "used-recovery-code", now, left=recovery.left(session, staff_id))
        return True
    if throttle.wait(session, whose, now):
        note_guessing(session, found.name, "wrong-codes", now)
    return False


def code_wait(session: Session, staff_id: int, now: datetime) -> int:
    """The seconds before which no code counts, otherwise 0."""
    return throttle.wait(session, _whose_code(staff_id), now)


def _wait(session: Session, attempt: Attempt, now: datetime) -> int:
    here = throttle.wait(session, networks.account_at(attempt.name, attempt.network), now)
    anywhere = throttle.wait(session, _whose(attempt.name), now)
    usual = networks.is_usual(session, attempt.name, attempt.network, now)
    return here if usual else max(here, anywhere)


def _whose(name: str) -> str:
    return f"name {name}"


def _whose_code(staff_id: int) -> str:
    """Apart from the password's count: strangers can use that one up, and a right password clears it."""
    return f"code {staff_id}"
