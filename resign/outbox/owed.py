"""What is owed, in figures: for `/metrics`, `/readyz` and alarms. Each query reads live messages only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from resign.ids import made_at
from resign.ledger.tables import Decision, is_owed
from resign.outbox.contract import UPLOADS
from resign.outbox.tables import Lane, MessageRow, is_dead, is_late, is_live, leads_to_synerise

# Decisions that wait for the fan-out are looked at up to here: more mean that no worker runs.
_LOOKED_AT = 10_000


@dataclass(frozen=True, slots=True)
class Owed:
    """`counts` by workspace, destination and state (`owed`, `accepted`, `dead`)."""

    counts: dict[tuple[str, str, str], int]
    # Decisions that the worker has not fanned out yet; more than a few mean that no worker runs.
    waiting: int
    # Since when the oldest is owed that Synerise should have accepted; None where there is none.
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Late:
    """The oldest that a destination should have accepted by now."""

    workspace: str
    destination: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """Decisions of one workspace that no worker has fanned out; `count` goes no further than ten thousand in all."""

    workspace: str
    since: datetime
    count: int


def owed(session: Session) -> Owed:
    row = MessageRow
    live = select(row.workspace, row.destination, row.state, func.count()).where(is_live())
    dead = select(row.workspace, row.destination, row.state, func.count()).where(is_dead())
    counts = {
        (workspace, destination, state): count
        for query in (live, dead)
        for workspace, destination, state, count in session.execute(
            query.group_by(row.workspace, row.destination, row.state)
        )
    }
    ages = [
        *(each.since for each in late(session) if leads_to_synerise(each.destination)),
        *(each.since for each in waiting(session)),
    ]
    untaken = session.scalar(select(func.count()).select_from(Decision).where(is_owed()))
    return Owed(counts, untaken or 0, min(ages, default=None))


def late(session: Session) -> list[Late]:
    """One for each destination that is owed anything: a step down the index for each, however much there is."""
    return list(_late(session))


def _late(session: Session) -> Iterator[Late]:
    """Two seeks for each: SQLite walks through all that is owed where the pair is compared as one value."""
    row, found = MessageRow, session.execute(_first_late()).first()
    while found is not None:
        if found.owed_since is not None:
            yield Late(found.workspace, found.destination, found.owed_since)
        within = _first_late().where(row.workspace == found.workspace, row.destination > found.destination)
        behind = _first_late().where(row.workspace > found.workspace)
        found = session.execute(within).first() or session.execute(behind).first()


def _first_late() -> Select[str, str, datetime | None]:
    columns = (MessageRow.workspace, MessageRow.destination, MessageRow.owed_since)
    return select(*columns).where(is_late()).order_by(*columns).limit(1)


def waiting(session: Session) -> list[Waiting]:
    some = (
        select(Decision.workspace, Decision.seq, Decision.method, Decision.at)
        .where(is_owed())
        .order_by(Decision.seq)
        .limit(_LOOKED_AT)
        .subquery()
    )
    # What was uploaded may have been decided years ago; it has waited since it came.
    uploaded = some.c.method.in_(UPLOADS)
    query = select(
        some.c.workspace, func.min(case((~uploaded, some.c.at))).label("pressed"),
        func.min(case((uploaded, some.c.seq))).label("uploaded"), func.count().label("waiting"),
    ).group_by(some.c.workspace)  # fmt: skip
    found = session.execute(query.order_by(some.c.workspace)).all()
    ids = select(Decision.seq, Decision.id).where(Decision.seq.in_([row.uploaded for row in found]))
    came = {row.seq: made_at(row.id) for row in session.execute(ids)}
    return [
        Waiting(row.workspace, min(filter(None, (row.pressed, came.get(row.uploaded)))), row.waiting)
        for row in found
    ]


def held_lanes(session: Session) -> list[Lane]:
    """Lanes that somebody must mend, or that an outage has paused."""
    return list(session.scalars(select(Lane).where(Lane.paused_until.is_not(None))))


def stopped_lanes(session: Session) -> list[Lane]:
    """Lanes that somebody has paused by hand."""
    order = (Lane.workspace, Lane.destination, Lane.phase)
    return list(session.scalars(select(Lane).where(Lane.stopped_at.is_not(None)).order_by(*order)))
