"""Claims due messages in one statement, under a lease, so that no two workers tell the same thing at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true, update
from sqlalchemy.orm import Session, aliased

from resign.ledger.tables import Decision
from resign.outbox.contract import Message
from resign.outbox.fanout import SYNERISE
from resign.outbox.tables import SETTLED, MessageRow, is_late, is_live, yields_to_nobody
from resign.outbox.withhold import withhold
from resign.profile import Profile

# Longer than the longest a claimed message can take: a call, a log-in and a second call, each at its time-out.
LEASE = timedelta(seconds=120)

# So many times as many are looked at as are wanted, for those among them that must wait for another.
_LOOKED_AT = 2

Way = tuple[str, str, str]  # workspace, destination, phase: `tell` or `read-back`
# Either one destination that has room of its own (workspace, destination), or the names of those that share it.
Group = tuple[str, str] | frozenset[str]
PHASES = {"owed": "tell", "accepted": "read-back"}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message in this worker's hands until `leased_until`."""

    id: int
    ticket: UUID
    leased_until: datetime
    way: Way
    tries: int
    accepted_at: datetime | None
    message: Message

    @property
    def phase(self) -> str:
        return self.way[2]


def claim(  # noqa: PLR0913 - what may be claimed, in words
    session: Session,
    now: datetime,
    most: int,
    workspaces: Collection[str],
    *,
    closed: Collection[Way] = (),
    only: Way | None = None,
    by_age: bool = True,
    group: Group | None = None,
) -> list[Claimed]:
    """Up to `most` due messages of these workspaces, the longest due first, none of a closed lane. The caller commits.

    Unless it goes `by_age` alone, what another system uploaded comes after all that people wait for. With one
    destination as `group` it is what that is owed, the oldest decision first.

    A message waits while an older one about the same subject is still under way: two calls in flight could
    land in either order. A lease that ran out counts as not under way: its worker is dead or has given up.
    An opt-in whose person has left meanwhile, perhaps under another identifier, is settled and not handed out.
    """
    ticket, until = uuid4(), now + LEASE
    row, other = MessageRow, aliased(MessageRow)
    under_way = exists().where(
        other.subject == row.subject,
        other.agreement == row.agreement,
        other.destination == row.destination,
        other.id != row.id,
        other.leased_until > now,
    )
    free = and_(
        row.workspace.in_(workspaces),
        or_(row.leased_until.is_(None), row.leased_until <= now),
        on_the_way([only]) if only is not None else and_(row.due_at <= now, ~on_the_way(closed)),
        to(group),
    )
    # A probe takes the message that failed least, due or not: one that always fails must not stand for all the
    # others, and a lane must not stay shut because what waits in it has backed off.
    order: tuple[Any, ...] = (row.tries, row.due_at) if only is not None else (row.due_at,)
    live: ColumnElement[bool] = is_live()
    if isinstance(group, tuple):
        # By another index: what is due elsewhere, or waits there because nobody answers, is not in its way.
        live, order = is_late(), (row.owed_since,)
    # The ids first, and apart: joined in one statement, PostgreSQL would put all that is due beside all that is
    # looked at, which is quadratic while it has no statistics of a backlog that has just come (0.9 s for 3,000).
    # The condition stands twice: whoever waited for a row's lock must look at it again. The second time `live` is
    # said by what it is not, or PostgreSQL would go through the whole index of what is due for those few ids.
    # And `picked` is a CTE, because PostgreSQL runs one that locks rows once, where a plain IN might run again
    # for every row.
    looked_at = select(row.id).where(live, free).order_by(*order).limit(most * _LOOKED_AT)
    candidates = set(session.scalars(looked_at))
    if not by_age:
        # They may lie behind fifty thousand that were uploaded before them, so they have an index of their own.
        first = select(row.id).where(is_live(), free, yields_to_nobody())
        candidates.update(session.scalars(first.order_by(row.due_at).limit(most * _LOOKED_AT)))
        order = (row.yields, *order)
    if not candidates:
        return []
    picked = (
        select(row.id)
        .where(row.id.in_(candidates), row.state.not_in(SETTLED), free, ~under_way)
        .order_by(*order)
        .limit(most)
        .with_for_update(skip_locked=True, of=row)
        .cte("picked")
    )
    claimed = session.scalars(
        update(row)
        .where(row.id.in_(select(picked.c.id)))
        .values(ticket=ticket, leased_until=until)
        .returning(row.id)
        .execution_options(synchronize_session=False)
    ).all()
    in_hand = _in_hand(session, claimed, ticket, until)
    opt_ins = [each.id for each in in_hand if each.phase == "tell" and each.message.choice == "opt-in"]
    withheld = withhold(session, opt_ins, now)
    return [each for each in in_hand if each.id not in withheld]


def to(group: Group | None) -> ColumnElement[bool]:
    if group is None:
        return true()
    if isinstance(group, tuple):
        return and_(MessageRow.workspace == group[0], MessageRow.destination == group[1])
    return MessageRow.destination.in_(group)


def on_the_way(ways: Collection[Way]) -> ColumnElement[bool]:
    states = {phase: state for state, phase in PHASES.items()}
    return or_(
        false(),
        *(
            and_(
                MessageRow.workspace == workspace,
                MessageRow.destination == destination,
                MessageRow.state == states[phase],
            )
            for workspace, destination, phase in ways
        ),
    )


def _in_hand(session: Session, ids: Sequence[int], ticket: UUID, until: datetime) -> list[Claimed]:
    row = MessageRow
    query = (
        select(
            row.id, row.workspace, row.destination, row.state, row.tries, row.tellings, row.alone, row.accepted_at,
            row.agreement, Decision.id.label("decision_id"), Decision.kind, Decision.identifier, Decision.choice,
            Decision.at, Decision.campaign, Decision.method, Decision.evidence, Decision.origin,
        )
        .join(Decision, Decision.seq == row.decision_seq)
        .where(row.id.in_(ids))
        .order_by(row.id)
    )  # fmt: skip
    return [_claimed(found, ticket, until) for found in session.execute(query)]


def _claimed(found: Any, ticket: UUID, until: datetime) -> Claimed:  # noqa: ANN401 - a row of the query above
    message = Message(
        decision_id=found.decision_id,
        profile=Profile(found.kind, found.identifier),
        agreement=found.agreement,
        choice=found.choice,
        decided_at=found.at,
        campaign=found.campaign,
        method=found.method,
        tellings=found.tellings,
        alone=found.alone,
        evidence=found.evidence,
        origin=found.origin or (SYNERISE if found.method == SYNERISE else None),
    )
    way = (found.workspace, found.destination, PHASES[found.state])
    return Claimed(found.id, ticket, until, way, found.tries, found.accepted_at, message)


def release(session: Session, claims: Sequence[Claimed]) -> None:
    """Gives back what was not begun, for whoever comes next. The caller commits."""
    ids = [claim.id for claim in claims]
    session.execute(
        update(MessageRow)
        .where(MessageRow.id.in_(ids), MessageRow.ticket.in_({claim.ticket for claim in claims}))
        .values(ticket=None, leased_until=None)
        .execution_options(synchronize_session=False)
    )
