"""Dead letters: messages that a destination refused for good. People see why, mend it, and send them again."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, and_, case, exists, func, or_, select, update
from sqlalchemy.orm import Session

from resign.ledger.newest import overtaken
from resign.ledger.requested import asked_for, choice_shown
from resign.ledger.tables import Decision
from resign.outbox.fanout import FAN_OUT_LOCK
from resign.outbox.tables import MessageRow, is_dead
from resign.profile import Kind, Profile

# What one transaction sends again: it holds SQLite's writer for some hundredths of a second.
BATCH = 500
# Looked through for the reasons to choose from.
_LOOKED_AT = 10_000
_MOST_REASONS = 20
# Looked through for one that still holds.
_LOOKED_AT_FIRST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Of all dead letters those of these workspaces and this destination, refused for a reason that contains this,
    about a decision made no later than `until`. None and nothing leave it open.
    """

    workspaces: Collection[str] | None = None
    destination: str = ""
    reason: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    id: int
    decision_id: UUID
    workspace: str
    destination: str
    at: datetime
    masked: str
    reason: str
    digest: str
    choice: str
    agreement: str
    # Something newer was decided: it is never sent. Nor is one whose person has been erased.
    overtaken: bool
    erased: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of some dead letters: so many are owed again, the others stay. `last` is None after the last."""

    sent: int
    stayed: int
    last: int | None


def dead_letters(
    session: Session, most: int = 100, *, which: Which | None = None, after: int = 0
) -> list[DeadLetter]:
    """The oldest first, from behind the number `after`."""
    row = MessageRow
    query = (
        select(
            row.id, Decision.id, row.workspace, row.destination, Decision.at, Decision.kind, Decision.identifier,
            row.reason, Decision.digest, Decision.choice, row.agreement, overtaken(),
        )
        .join(Decision, Decision.seq == row.decision_seq)
        .where(_wanted(which or Which()), row.id > after)
        .order_by(row.id)
        .limit(most)
    )  # fmt: skip
    return [
        DeadLetter(
            number, decision, workspace, destination, at, _masked(kind, identifier), reason or "", digest,
            choice_shown(agreement, choice), asked_for(agreement), bool(overtaken), identifier is None,
        )
        for number, decision, workspace, destination, at, kind, identifier, reason, digest, choice, agreement, overtaken
        in session.execute(query)
    ]  # fmt: skip


def how_many(session: Session, which: Which, most: int) -> int:
    """`most` where there are as many or more: no count goes through all of them."""
    some = (
        select(MessageRow.id)
        .join(Decision, Decision.seq == MessageRow.decision_seq)
        .where(_wanted(which))
        .limit(most)
    )
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def reasons(session: Session, workspaces: Collection[str]) -> list[str]:
    """The most frequent, among the first of these workspaces' dead letters."""
    some = (
        select(MessageRow.reason)
        .where(is_dead(), MessageRow.workspace.in_(workspaces), MessageRow.reason.is_not(None))
        .order_by(MessageRow.id)
        .limit(_LOOKED_AT)
        .subquery()
    )
    found = select(some.c.reason).group_by(some.c.reason).order_by(func.count().desc(), some.c.reason)
    return [reason for reason in session.scalars(found.limit(_MOST_REASONS)) if reason]


def oldest_that_hold(session: Session) -> list[tuple[str, datetime]]:
    """By workspace, when the first decision was made that was refused and still holds.

    Among the first thousand of each. Where there are more, the last of those counts as if it held: in doubt somebody
    looks.
    """
    found = ((workspace, _oldest_that_holds(session, workspace)) for workspace in _workspaces(session))
    return [(workspace, at) for workspace, at in found if at is not None]


def _workspaces(session: Session) -> Iterator[str]:
    """Those that have any: a step down the index for each."""
    first = select(MessageRow.workspace).where(is_dead()).order_by(MessageRow.workspace).limit(1)
    workspace = session.scalar(first)
    while workspace is not None:
        yield workspace
        workspace = session.scalar(first.where(MessageRow.workspace > workspace))


def _oldest_that_holds(session: Session, workspace: str) -> datetime | None:
    first = (
        select(MessageRow.decision_seq)
        .where(is_dead(), MessageRow.workspace == workspace)
        .order_by(MessageRow.id)
        .limit(_LOOKED_AT_FIRST)
    )
    numbers = session.scalars(first).all()
    in_doubt = numbers[-1] if len(numbers) == _LOOKED_AT_FIRST else 0
    holds = or_(and_(~overtaken(), Decision.identifier.is_not(None)), Decision.seq == in_doubt)
    return session.scalar(select(func.min(Decision.at)).where(Decision.seq.in_(numbers), holds))


def retry(session: Session, now: datetime, ids: Collection[int] | None = None) -> int:
    """Makes dead letters owed again, all of them or these; returns how many. The caller commits.

    One that a newer decision has overtaken stays dead, also where that one came from the destination itself and
    nothing was owed for it: sent now, the older would be the last word.
    """
    _wait_for_the_fan_out(session)
    row = MessageRow
    sendable = exists().where(
        Decision.seq == row.decision_seq, Decision.identifier.is_not(None), ~overtaken()
    ).correlate(row)  # fmt: skip
    # What was accepted once and drifted is told anew: where Synerise is told by an event, the same would start nothing.
    told_anew = case((row.accepted_at.is_not(None), row.tellings + 1), else_=row.tellings)
    values = {"state": "owed", "due_at": now, "owed_since": now, "tries": 0, "tellings": told_anew}
    change = update(row).where(is_dead(), sendable).values(values)
    if ids is not None:
        change = change.where(row.id.in_(ids))
    result = session.execute(change.execution_options(synchronize_session=False))
    return cast("CursorResult[object]", result).rowcount


def retry_some(session: Session, now: datetime, which: Which, *, after: int, most: int = BATCH) -> Batch:
    """The next of those behind `after`. The caller commits, and asks again with `last`."""
    query = (
        select(MessageRow.id)
        .join(Decision, Decision.seq == MessageRow.decision_seq)
        .where(_wanted(which), MessageRow.id > after)
        .order_by(MessageRow.id)
        .limit(most)
    )
    ids = session.scalars(query).all()
    sent = retry(session, now, ids) if ids else 0
    return Batch(sent, len(ids) - sent, ids[-1] if len(ids) == most else None)


def _wanted(which: Which) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [is_dead()]
    if which.workspaces is not None:
        conditions.append(MessageRow.workspace.in_(which.workspaces))
    if which.destination:
        conditions.append(MessageRow.destination == which.destination)
    if which.reason:
        conditions.append(MessageRow.reason.icontains(which.reason, autoescape=True))
    if which.until is not None:
        conditions.append(Decision.at <= which.until)
    return and_(*conditions)


def _masked(kind: str, identifier: str | None) -> str:
    return Profile(cast("Kind", kind), identifier).masked() if identifier else "(erased)"


def _wait_for_the_fan_out(session: Session) -> None:
    """Until whatever is being superseded is committed: the fan-out does not see ours become owed, nor we its newer one.

    On SQLite the writer is alone anyway. Fan-outs stand back until our transaction ends, and come again.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(func.pg_advisory_xact_lock(FAN_OUT_LOCK)))
