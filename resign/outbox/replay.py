"""Sends to one destination once more what it has taken already: it lost it, or took it and did nothing with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, or_, select, update
from sqlalchemy.orm import Session

from resign.ledger.newest import overtaken
from resign.ledger.tables import Decision
from resign.outbox.again import wait_for_the_fan_out
from resign.outbox.dead import BATCH
from resign.outbox.tables import MessageRow

_SETTLED = ("delivered", "dead")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was decided `since` then, or the decisions whose ids lie in a range, as a reference names them."""

    workspace: str
    destination: str
    since: datetime | None = None
    ids: tuple[UUID, UUID] | None = None


@dataclass(frozen=True, slots=True)
class Replayed:
    """`last` is where the next part begins; None after the last."""

    sent: int
    last: int | None


def replay_some(
    session: Session, now: datetime, wanted: Wanted, *, after: int, most: int = BATCH
) -> Replayed:
    """The next of them behind the decision `after`. The caller commits, and asks again with `last`.

    Only what nothing newer has overtaken, or an opt-out would be followed by the opt-in before it; and nothing about
    somebody who was erased. What is under way stays as it is.
    """
    wait_for_the_fan_out(session)
    row = MessageRow
    found = session.execute(
        select(row.id, row.decision_seq)
        .join(Decision, Decision.seq == row.decision_seq)
        .where(
            row.workspace == wanted.workspace, row.destination == wanted.destination, row.state.in_(_SETTLED),
            row.decision_seq > after, Decision.identifier.is_not(None), *_of(wanted),
        )
        .order_by(row.decision_seq)
        .limit(most)
    ).all()  # fmt: skip
    if not found:
        return Replayed(0, None)
    standing = select(Decision.seq).where(
        Decision.seq.in_([each.decision_seq for each in found]), ~overtaken()
    )
    changed = session.execute(
        update(row)
        .where(
            row.id.in_([each.id for each in found]), row.state.in_(_SETTLED), row.decision_seq.in_(standing),
            or_(row.leased_until.is_(None), row.leased_until <= now),
        )
        .values(state="owed", due_at=now, owed_since=now, tries=0, outcome=None, reason=None)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    sent = cast("CursorResult[object]", changed).rowcount
    return Replayed(sent, found[-1].decision_seq if len(found) == most else None)


def _of(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        conditions.append(Decision.at >= wanted.since)
    if wanted.ids is not None:
        conditions.append(Decision.id.between(*wanted.ids))
    return conditions
