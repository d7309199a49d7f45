"""Where a person stands now: on each agreement since when, and who is known to know it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resign.ids import reference
from resign.ledger.decision import ALL
from resign.ledger.requested import ASKED_FOR, asked_for, choice_shown, is_request
from resign.ledger.tables import Decision
from resign.timeline.entries import Delivery
from resign.timeline.identities import Identity
from resign.timeline.sources import KNOWN_WITHIN, STILL_OPEN, deliveries_of

# Agreements come from the settings, so there are few; a ledger that names more is not read for long.
_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """`since`: the first of the decisions in a row that say so; `at`: the newest of them, which is what was told.

    `waits`: the worker has not taken it up yet. `hours_left` as in the timeline. `overruled`: everything was stopped
    after it. `lifted`: everything was stopped by it, and something was switched on again after it.
    """

    identity: Identity
    agreement: str
    choice: str
    since: datetime
    at: datetime
    id: UUID
    method: str
    until: datetime | None
    deliveries: tuple[Delivery, ...]
    waits: bool
    hours_left: float | None
    overruled: bool
    lifted: bool

    @property
    def reference(self) -> str:
        return reference(self.id)


def stands_now(
    session: Session, workspace: str, identities: Sequence[Identity], now: datetime
) -> list[Stands]:
    """For each identity every agreement that was ever decided on, and everything where that was stopped."""
    named = {each.digest: each for each in identities}
    of_them = (Decision.workspace == workspace, Decision.digest.in_(named))
    last = select(func.max(Decision.seq)).where(*of_them).group_by(Decision.digest, Decision.agreement)
    newest = session.scalars(
        select(Decision)
        .where(Decision.seq.in_(last))
        .order_by(Decision.digest, Decision.agreement)
        .limit(_MOST)
    ).all()
    told = deliveries_of(session, [row.seq for row in newest])
    stopped = {row.digest: row.seq for row in newest if row.agreement == ALL and row.choice == "opt-out"}
    lifted = {
        row.digest
        for row in newest
        if row.choice == "opt-in"
        and not is_request(row.agreement)
        and row.seq > stopped.get(row.digest, row.seq)
    }
    answered: dict[str, int] = {}
    for row in newest:
        if row.agreement in {ASKED_FOR, ALL}:
            answered[row.digest] = max(row.seq, answered.get(row.digest, 0))
    found = [
        replace(
            _stands(session, row, named[row.digest], told.get(row.seq, ()), stopped.get(row.digest, 0), now),
            lifted=row.agreement == ALL and row.digest in lifted,
        )
        for row in newest
        if not is_request(row.agreement)
        # What was asked for stands until anything is decided on it.
        or (row.choice == "opt-in" and row.seq > answered.get(row.digest, 0))
    ]
    order = {digest: number for number, digest in enumerate(named)}
    return sorted(found, key=lambda each: (order[each.identity.digest], each.agreement))


def _stands(
    session: Session,
    row: Decision,
    identity: Identity,
    deliveries: tuple[Delivery, ...],
    stopped: int,
    now: datetime,
) -> Stands:
    waits = row.owed or any(each.state in STILL_OPEN for each in deliveries)
    left = (row.at + KNOWN_WITHIN - now).total_seconds() / 3600
    return Stands(
        identity=identity, agreement=asked_for(row.agreement), choice=choice_shown(row.agreement, row.choice), since=_since(session, row), at=row.at,
        id=row.id, method=row.method, until=row.until, deliveries=deliveries, waits=row.owed,
        hours_left=left if row.choice == "opt-out" and waits else None, overruled=row.seq < stopped, lifted=False,
    )  # fmt: skip


def _since(session: Session, newest: Decision) -> datetime:
    theirs = (
        Decision.workspace == newest.workspace,
        Decision.digest == newest.digest,
        Decision.agreement == newest.agreement,
    )
    other = select(func.max(Decision.seq)).where(*theirs, Decision.choice != newest.choice).scalar_subquery()
    first = select(Decision.at).where(*theirs, Decision.seq > func.coalesce(other, 0))
    return session.scalar(first.order_by(Decision.seq).limit(1)) or newest.at
