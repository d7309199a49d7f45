"""What staff did about a person, with the basis that they gave."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.staff.looks import LOOKS
from resign.staff.tables import Deed

_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`action` is a word or two; `detail` what was noted with it, by name: the `basis` say."""

    at: datetime
    by: str
    action: str
    detail: Mapping[str, object]


def acts(session: Session, workspace: str, digests: Sequence[str]) -> tuple[Act, ...]:
    """The newest two hundred, in the order of time."""
    theirs = (Deed.workspace == workspace, Deed.subject.in_(digests), Deed.action.not_in(LOOKS))
    newest = session.scalars(select(Deed).where(*theirs).order_by(Deed.id.desc()).limit(_MOST)).all()
    return tuple(
        Act(at=row.at, by=row.name, action=row.action, detail=json.loads(row.detail or "{}"))
        for row in newest[::-1]
    )
