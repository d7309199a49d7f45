"""Reads what was noted: the newest first, a page at a time, and forgets it after three years."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, select
from sqlalchemy.orm import Session

from resign.staff import names
from resign.staff.tables import Deed

KEPT = timedelta(days=3 * 365)
PAGE = 50
_MOST_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """`older` is where the next page begins, to be given as `before`; None where there is none."""

    deeds: Sequence[Deed]
    older: int | None


def deeds(  # noqa: PLR0913 - a filter each, by its name
    session: Session,
    *,
    name: str | None = None,
    workspace: str | None = None,
    action: str | None = None,
    subjects: Collection[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    within: Collection[str] | None = None,
    before: int | None = None,
) -> Page:
    """Of all, or of those that fit. `within` are the workspaces that whoever asks may see; None is everything.

    Each filter is a walk down an index, and none counts: the cost is that of one page. `since` and `until` (without it)
    are looked up as numbers first: in the order of their numbers they were noted, and by time there is no index.
    """
    query = select(Deed).order_by(Deed.id.desc()).limit(PAGE + 1)
    if name is not None:
        query = query.where(Deed.name == names.folded(name))
    for column, wanted in ((Deed.workspace, workspace), (Deed.action, action)):
        if wanted is not None:
            query = query.where(column == wanted)
    if subjects is not None:
        query = query.where(Deed.subject.in_(subjects))
    if since is not None:
        query = query.where(Deed.id >= _first(session, since))
    if until is not None:
        query = query.where(Deed.id < _first(session, until))
    if within is not None:
        query = query.where(Deed.workspace.in_(within))
    if before is not None:
        query = query.where(Deed.id < before)
    found = session.scalars(query).all()
    return Page(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def _first(session: Session, at: datetime) -> int:
    """The number from which on they were noted at this time or later. As many looks as the numbers have binary digits."""
    low, high = (session.scalar(select(edge(Deed.id))) or 0 for edge in (func.min, func.max))
    high += 1
    while low < high:
        middle = (low + high) // 2
        found = session.execute(
            select(Deed.id, Deed.at).where(Deed.id >= middle).order_by(Deed.id).limit(1)
        ).first()
        if found is None or found.at >= at:
            high = middle
        else:
            low = found.id + 1
    return low


def any_to_forget(session: Session, now: datetime) -> bool:
    """They were noted in the order of their ids, so the first one tells."""
    oldest = session.scalar(select(Deed.at).order_by(Deed.id).limit(1))
    return oldest is not None and oldest < now - KEPT


def forget(session: Session, now: datetime) -> int:
    old = select(Deed.id).where(Deed.at < now - KEPT).order_by(Deed.id).limit(_MOST_AT_ONCE)
    return cast("CursorResult[Any]", session.execute(delete(Deed).where(Deed.id.in_(old)))).rowcount
