"""The requests as a queue: one is claimed at a time, under a lease, and settled behind its fence."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from resign.lost_links.tables import LinkRequest, is_open

log = logging.getLogger(__name__)

# Longer than its calls can take: looking, a log-in and the event, each at its time-out, for a few profiles.
LEASE = timedelta(minutes=5)
ONE_LINK_EVERY = timedelta(hours=1)
# In that time, of one wish of one person.
MOST_CONFIRMATIONS = 3
# By then the person has tried another way, and a mail would only puzzle them.
GIVEN_UP_AFTER = timedelta(hours=24)
_A_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class InHand:
    """A request in this worker's hands until `leased_until`, which is also the fence that it is settled behind."""

    id: int
    workspace: str
    email: str
    digest: str
    at: datetime
    tries: int
    leased_until: datetime
    # What is to be confirmed, by a profile of this kind; both empty for a lost link.
    agreement: str | None = None
    kind: str | None = None


def any_due(session: Session, now: datetime, workspaces: Collection[str]) -> bool:
    return session.scalar(select(LinkRequest.id).where(_is_due(now, workspaces)).limit(1)) is not None


def claim(session: Session, now: datetime, workspaces: Collection[str]) -> InHand | None:
    """The longest due request, leased; None where there is none, or it was settled or put off at once.

    The caller commits.
    """
    row = session.scalar(
        select(LinkRequest)
        .where(_is_due(now, workspaces))
        .order_by(LinkRequest.due_at, LinkRequest.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    if row.at <= now - GIVEN_UP_AFTER or row.email is None:
        log.warning(
            "A link that was asked for was not sent within a day; it is given up",
            extra={"workspace": row.workspace, "request": row.id},
        )
        _close(row, "gave-up", now)
    elif (earlier := _earlier_open(session, row)) is not None:
        # The same address, asked for twice: the second waits for what becomes of the first, or two would be sent.
        row.due_at = max(earlier, now) + _A_MOMENT
    elif row.agreement is None and _sent_lately(session, row, now):
        _close(row, "lately", now)
    elif row.agreement is not None and (free := _free_again(session, row, now)) is not None:
        row.due_at = free
    else:
        row.tries += 1
        row.due_at = now + LEASE
        return InHand(
            row.id,
            row.workspace,
            row.email,
            row.digest,
            row.at,
            row.tries,
            row.due_at,
            row.agreement,
            row.kind,
        )
    return None


def settle(session: Session, request: InHand, verdict: str, now: datetime) -> None:
    """Nothing happens where the lease ran out and another worker has it by now. The caller commits."""
    session.execute(
        update(LinkRequest).where(_still_held(request)).values(verdict=verdict, settled_at=now, email=None)
    )


def put_back(session: Session, request: InHand, due_at: datetime) -> None:
    """The same fence. The caller commits."""
    session.execute(update(LinkRequest).where(_still_held(request)).values(due_at=due_at))


def _is_due(now: datetime, workspaces: Collection[str]) -> ColumnElement[bool]:
    """Also what is too old, whosever it is: an address must not stay because its workspace went away."""
    return and_(
        is_open(),
        LinkRequest.due_at <= now,
        or_(LinkRequest.workspace.in_(workspaces), LinkRequest.at <= now - GIVEN_UP_AFTER),
    )


def _earlier_open(session: Session, row: LinkRequest) -> datetime | None:
    return session.scalar(
        select(LinkRequest.due_at)
        .where(_same_person(row), is_open(), LinkRequest.id < row.id)
        .order_by(LinkRequest.id)
        .limit(1)
    )


def _sent_lately(session: Session, row: LinkRequest, now: datetime) -> bool:
    """Asked after `_earlier_open`: whatever is open no longer by then has its verdict, and is seen here."""
    return (
        session.scalar(
            select(LinkRequest.id)
            .where(
                _same_person(row),
                LinkRequest.verdict == "sent",
                LinkRequest.settled_at > now - ONE_LINK_EVERY,
            )
            .limit(1)
        )
        is not None
    )


def _free_again(session: Session, row: LinkRequest, now: datetime) -> datetime | None:
    """When another mail to confirm by may go out; None where it may now.

    Who changes their mind needs a mail for each wish, as the one before it confirms nothing any more.
    """
    sent = session.scalars(
        select(LinkRequest.settled_at)
        .where(
            _same_person(row), LinkRequest.verdict == "sent", LinkRequest.settled_at > now - ONE_LINK_EVERY
        )
        .order_by(LinkRequest.settled_at.desc())
        .limit(MOST_CONFIRMATIONS)
    ).all()
    oldest = sent[-1] if len(sent) == MOST_CONFIRMATIONS else None
    return oldest + ONE_LINK_EVERY if oldest else None


def _same_person(row: LinkRequest) -> ColumnElement[bool]:
    """And the same wish: a lost link does not stand in the way of a confirmation."""
    return and_(
        LinkRequest.digest == row.digest,
        LinkRequest.workspace == row.workspace,
        LinkRequest.agreement.is_not_distinct_from(row.agreement),
    )


def _still_held(request: InHand) -> ColumnElement[bool]:
    return and_(LinkRequest.id == request.id, is_open(), LinkRequest.due_at == request.leased_until)


def _close(row: LinkRequest, verdict: str, now: datetime) -> None:
    row.verdict, row.settled_at, row.email = verdict, now, None
