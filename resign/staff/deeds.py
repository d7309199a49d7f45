"""Reads what was noted: the newest first, a page at a time, and forgets it after three years."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select
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


def deeds(
    session: Session,
    *,
    name: str | None = None,
    workspace: str | None = None,
    action: str | None = None,
    subject: str | None = None,
    within: Collection[str] | None = None,
    before: int | None = None,
) -> Page:
    """Of all, or of those that fit. `within` are the workspaces that whoever asks may see; None is everything.

    Each filter is a walk down an index, and none counts: the cost is that of one page.
    """
    query = select(Deed).order_by(Deed.id.desc()).limit(PAGE + 1)
    if name is not None:
        query = query.where(Deed.name == names.folded(name))
    for column, wanted in ((Deed.workspace, workspace), (Deed.action, action), (Deed.subject, subject)):
        if wanted is not None:
            query = query.where(column == wanted)
    if within is not None:
        query = query.where(Deed.workspace.in_(within))
    if before is not None:
        query = query.where(Deed.id < before)
    found = session.scalars(query).all()
    return Page(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def any_to_forget(session: Session, now: datetime) -> bool:
    """They were noted in the order of their ids, so the first one tells."""
    oldest = session.scalar(select(Deed.at).order_by(Deed.id).limit(1))
    return oldest is not None and oldest < now - KEPT


def forget(session: Session, now: datetime) -> int:
    old = select(Deed.id).where(Deed.at < now - KEPT).order_by(Deed.id).limit(_MOST_AT_ONCE)
    return cast("CursorResult[Any]", session.execute(delete(Deed).where(Deed.id.in_(old)))).rowcount
