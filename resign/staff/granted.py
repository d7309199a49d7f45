"""Which roles an account has, and that there is always somebody left who may give them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.staff.refusals import LAST_ADMIN, NOT_YOURS, StaffRefusal
from resign.staff.roles import EVERYWHERE, Role, Staff
from resign.staff.tables import Account, Grant


def grants_of(session: Session, staff_id: int) -> Mapping[str, frozenset[Role]]:
    found: dict[str, set[Role]] = defaultdict(set)
    for each in session.scalars(select(Grant).where(Grant.staff_id == staff_id)):
        found[each.workspace].add(cast("Role", each.role))
    return {workspace: frozenset(roles) for workspace, roles in found.items()}


def refuse_strangers(session: Session, who: Account, by: Staff) -> None:
    """Whoever may set somebody's password may become them: so only an admin of everything that they may touch."""
    if by.id == who.id:
        return
    places = grants_of(session, who.id) or {EVERYWHERE: frozenset()}
    if not all(by.may({"admin"}, place) for place in places):
        raise StaffRefusal(NOT_YOURS)


def refuse_without_admin(session: Session, who: Account, places: Iterable[str]) -> None:
    """Raises StaffRefusal where one of the places would have no active admin without `who`."""
    admins = (
        select(Account.id)
        .where(Account.state == "active", Account.id.in_(select(Grant.staff_id).where(Grant.role == "admin")))
        .order_by(Account.id)
    )
    # Two admins who disable one another wait for each other here, and the second is refused.
    session.execute(admins.with_for_update()).all()
    if not who.is_active:
        return
    for place in places:
        others = admins.where(
            Account.id != who.id,
            Account.id.in_(
                select(Grant.staff_id).where(Grant.role == "admin", Grant.workspace.in_({place, EVERYWHERE}))
            ),
        )
        if session.scalar(others.limit(1)) is None:
            raise StaffRefusal(LAST_ADMIN)
