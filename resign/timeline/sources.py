"""Where the entries come from: one query for each kind, all of them in the order of time and a page at a time."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from resign.ledger.requested import asked_for, choice_shown
from resign.ledger.tables import Decision, Pause, Reason
from resign.lost_links.tables import LinkRequest
from resign.notices.notice import SUBJECTS
from resign.notices.tables import NoticeRow
from resign.outbox.tables import Attempt, MessageRow
from resign.staff.looks import LOOKS
from resign.staff.tables import Deed
from resign.timeline.entries import (
    Attempted,
    BreakEnded,
    Decided,
    Delivery,
    Done,
    Entry,
    LinkAsked,
    LinkSettled,
    Noticed,
    Overtaken,
    Place,
)

KNOWN_WITHIN = timedelta(hours=48)
STILL_OPEN = {"owed", "accepted", "dead"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose entries, behind which place, how many; `now` for the clocks."""

    workspace: str
    digests: Collection[str]
    after: Place | None
    most: int
    now: datetime


def decisions(session: Session, asked: Asked) -> list[Entry]:
    query = (
        select(Decision, Reason.code, Reason.words)
        .outerjoin(Reason, Reason.decision == Decision.id)
        .where(Decision.workspace == asked.workspace, Decision.digest.in_(asked.digests))
    )
    rows = session.execute(_page(query, asked, Decision.at, 0, Decision.seq)).all()
    told = deliveries_of(session, [row.Decision.seq for row in rows])
    newest = _newest(session, asked) if rows else {}
    return [
        _decided(row.Decision, row.code, row.words, told.get(row.Decision.seq, ()), newest, asked.now)
        for row in rows
    ]


def _decided(
    row: Decision,
    answer: str | None,
    words: str | None,
    deliveries: tuple[Delivery, ...],
    newest: Mapping[tuple[str, str], int],
    now: datetime,
) -> Decided:
    # A request ends with whatever is decided on what it asks for.
    is_newest = max(newest.get((row.digest, name), 0) for name in _about(row)) == row.seq
    choice = choice_shown(row.agreement, row.choice)
    waits = row.owed or any(each.state in STILL_OPEN for each in deliveries)
    left = (row.at + KNOWN_WITHIN - now).total_seconds() / 3600
    return Decided(
        at=row.at, digest=row.digest, place=(row.at, 0, row.seq), id=row.id, choice=choice,
        agreement=asked_for(row.agreement), method=row.method, actor=row.actor, prior=row.prior, campaign=row.campaign,
        origin=row.origin, evidence=row.evidence, language=row.language, page=row.page, shown=row.shown, until=row.until, answer=answer, words=words,
        deliveries=deliveries, hours_left=left if choice == "opt-out" and is_newest and waits else None,
        overtaken=not is_newest,
    )  # fmt: skip


def _about(row: Decision) -> set[str]:
    return {row.agreement, asked_for(row.agreement)}


def deliveries_of(session: Session, seqs: Sequence[int]) -> dict[int, tuple[Delivery, ...]]:
    found: dict[int, tuple[Delivery, ...]] = {}
    query = select(MessageRow).where(MessageRow.decision_seq.in_(seqs)).order_by(MessageRow.id)
    for row in session.scalars(query):
        delivery = Delivery(
            destination=row.destination, state=row.state, outcome=row.outcome, reason=row.reason,
            accepted_at=row.accepted_at, confirmed_at=row.confirmed_at,
        )  # fmt: skip
        found[row.decision_seq] = (*found.get(row.decision_seq, ()), delivery)
    return found


def _newest(session: Session, asked: Asked) -> dict[tuple[str, str], int]:
    """By identity and agreement: only what was decided last is what others have to know."""
    query = (
        select(Decision.digest, Decision.agreement, func.max(Decision.seq))
        .where(Decision.workspace == asked.workspace, Decision.digest.in_(asked.digests))
        .group_by(Decision.digest, Decision.agreement)
    )
    return {(digest, agreement): seq for digest, agreement, seq in session.execute(query)}


def attempts(session: Session, asked: Asked) -> list[Entry]:
    query = _of_theirs(select(Attempt, MessageRow.destination, Decision.digest, Decision.id), asked).join(
        Attempt, Attempt.message_id == MessageRow.id
    )
    return [
        Attempted(
            at=row.at, digest=digest, place=(row.at, 1, row.id), decision=decision, destination=destination,
            phase=row.phase, outcome=row.outcome, reason=row.reason, request_id=row.request_id,
            milliseconds=row.milliseconds,
        )
        for row, destination, digest, decision in session.execute(_page(query, asked, Attempt.at, 1, Attempt.id))
    ]  # fmt: skip


def overtaken(session: Session, asked: Asked) -> list[Entry]:
    """At the time of the next decision on the same agreement; a message does not say when it was overtaken."""
    newer = aliased(Decision)
    when = (
        select(func.min(newer.at))
        .where(
            newer.digest == Decision.digest,
            newer.workspace == Decision.workspace,
            newer.agreement == Decision.agreement,
            newer.seq > Decision.seq,
        )
        .correlate(Decision)
        .scalar_subquery()
    )
    at = func.coalesce(when, Decision.at)
    query = _of_theirs(
        select(at.label("at"), MessageRow.id, MessageRow.destination, Decision.digest, Decision.id), asked
    ).where(MessageRow.state == "superseded")
    return [
        Overtaken(at=at, digest=digest, place=(at, 2, number), decision=decision, destination=destination)
        for at, number, destination, digest, decision in session.execute(_page(query, asked, at, 2, MessageRow.id))
    ]  # fmt: skip


def breaks(session: Session, asked: Asked) -> list[Entry]:
    query = (
        select(Pause.closed_at, Pause.outcome, Decision.digest, Decision.id, Decision.seq)
        .join(Decision, Decision.seq == Pause.decision_seq)
        .where(
            Decision.workspace == asked.workspace,
            Decision.digest.in_(asked.digests),
            Pause.closed_at.is_not(None),
        )
    )
    return [
        BreakEnded(at=at, digest=digest, place=(at, 3, seq), decision=decision, outcome=outcome)
        for at, outcome, digest, decision, seq in session.execute(
            _page(query, asked, Pause.closed_at, 3, Decision.seq)
        )
    ]


def links_asked(session: Session, asked: Asked) -> list[Entry]:
    row = LinkRequest
    return [
        LinkAsked(at=at, digest=digest, place=(at, 4, number), agreement=agreement)
        for at, number, digest, agreement, _ in session.execute(_page(_requests(asked, row.at), asked, row.at, 4, row.id))
    ]  # fmt: skip


def links_settled(session: Session, asked: Asked) -> list[Entry]:
    row = LinkRequest
    settled = _requests(asked, row.settled_at).where(row.verdict.is_not(None), row.settled_at.is_not(None))
    return [
        LinkSettled(at=at, digest=digest, place=(at, 5, number), agreement=agreement, verdict=verdict)
        for at, number, digest, agreement, verdict in session.execute(_page(settled, asked, row.settled_at, 5, row.id))
    ]  # fmt: skip


def notices(session: Session, asked: Asked) -> list[Entry]:
    row = NoticeRow
    query = select(row).where(row.workspace == asked.workspace, row.digest.in_(asked.digests))
    return [
        Noticed(
            at=found.at, digest=found.digest, place=(found.at, 6, found.id), subject=SUBJECTS.get(found.action),
            action=found.action, verdict=found.verdict, decision=found.decision, campaign=found.campaign,
            variant=found.variant, way=found.way, evidence=found.evidence, arrived_at=found.arrived_at,
            delay_seconds=found.delay_seconds,
        )
        for found in session.scalars(_page(query, asked, row.at, 6, row.id))
    ]  # fmt: skip


def deeds(session: Session, asked: Asked) -> list[Entry]:
    """What staff did; who only looked is for the list of deeds, or the story would be made of readers."""
    row = Deed
    query = select(row).where(
        row.workspace == asked.workspace, row.subject.in_(asked.digests), row.action.not_in(LOOKS)
    )
    return [
        Done(at=found.at, digest=found.subject or "", place=(found.at, 7, found.id), by=found.name,
             action=found.action, detail=json.loads(found.detail or "{}"))
        for found in session.scalars(_page(query, asked, row.at, 7, row.id))
    ]  # fmt: skip


# In the order of their ranks: what happened at one time is told in this order.
SOURCES: tuple[Callable[[Session, Asked], Iterable[Entry]], ...] = (
    decisions,
    attempts,
    overtaken,
    breaks,
    links_asked,
    links_settled,
    notices,
    deeds,
)


def _of_theirs(query: Any, asked: Asked) -> Any:  # noqa: ANN401 - a select of any columns
    return (
        query.select_from(Decision)
        .join(MessageRow, MessageRow.decision_seq == Decision.seq)
        .where(Decision.workspace == asked.workspace, Decision.digest.in_(asked.digests))
    )


def _requests(asked: Asked, at: Any) -> Any:  # noqa: ANN401 - as above
    row = LinkRequest
    columns = select(at, row.id, row.digest, row.agreement, row.verdict)
    return columns.where(row.workspace == asked.workspace, row.digest.in_(asked.digests))


def _page(query: Any, asked: Asked, at: Any, rank: int, number: Any) -> Any:  # noqa: ANN401 - as above
    """One more than asked for, behind the place where the last page ended."""
    if asked.after is not None:
        when, after_rank, after_number = asked.after
        later: ColumnElement[bool] = at > when
        if rank > after_rank:
            later = at >= when
        elif rank == after_rank:
            later = or_(at > when, and_(at == when, number > after_number))
        query = query.where(later)
    return query.order_by(at, number).limit(asked.most + 1)
