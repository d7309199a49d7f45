"""What staff did about a person, with the basis that they gave."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.staff.looks import LOOKS
from resign.staff.tables import Deed


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`action` is a word or two; `detail` what was noted with it, by name: the `basis` say."""

    at: datetime
    by: str
    action: str
    detail: Mapping[str, object]


def act_numbers(session: Session, workspace: str, digests: Sequence[str]) -> Sequence[int]:
    """Of all of them, in the order of time."""
    theirs = (Deed.workspace == workspace, Deed.subject.in_(digests), Deed.action.not_in(LOOKS))
    return session.scalars(select(Deed.id).where(*theirs).order_by(Deed.id)).all()


def acts(session: Session, numbers: Sequence[int]) -> Iterator[Act]:
    for row in session.scalars(select(Deed).where(Deed.id.in_(numbers)).order_by(Deed.id)):
        yield Act(at=row.at, by=row.name, action=row.action, detail=json.loads(row.detail or "{}"))
