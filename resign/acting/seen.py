"""What somebody had before them when they opened a form, and what has changed since: two may act for one person at once."""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from resign.acting.person import Person
from resign.ledger.requested import asked_for, choice_shown
from resign.ledger.tables import Decision
from resign.staff.tables import Deed

_SHAPE = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")
_MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Seen:
    """The person's newest decision, and the newest deed about them; a form carries it as `text`."""

    seq: int = 0
    deed: int = 0

    @property
    def text(self) -> str:
        return f"{self.seq}-{self.deed}"

    @classmethod
    def of(cls, text: str) -> "Seen":
        """Whoever carries something else has seen nothing."""
        found = _SHAPE.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found else cls()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that happened since. `what`: `opt-out`, `opt-in`, or the action of a deed."""

    at: datetime
    what: str
    who: str
    method: str = ""
    agreement: str = ""


class Changed(Exception):
    """Nothing was done: first whoever pressed has to see what happened meanwhile."""

    def __init__(self, changes: list[Change]) -> None:
        super().__init__("somebody else was here meanwhile")
        self.changes = changes


def seen_now(session: Session, person: Person) -> Seen:
    deeds = (Deed.subject == person.digest, Deed.workspace == person.workspace)
    return Seen(
        session.scalar(select(func.max(Decision.seq)).where(*_decided(person))) or 0,
        session.scalar(select(func.max(Deed.id)).where(*deeds)) or 0,
    )


def changes_since(
    session: Session, person: Person, seen: Seen, actions: Collection[str] = (), *, decisions: bool = True
) -> list[Change]:
    """The oldest first: what was decided since, and what was done by one of these actions."""
    found = []
    if decisions:
        rows = select(Decision.at, Decision.choice, Decision.actor, Decision.method, Decision.agreement)
        newer = rows.where(*_decided(person), Decision.seq > seen.seq).order_by(Decision.seq.desc())
        found += [
            Change(
                at=row.at,
                what=choice_shown(row.agreement, row.choice),
                who=row.actor,
                method=row.method,
                agreement=asked_for(row.agreement),
            )
            for row in reversed(session.execute(newer.limit(_MOST_TOLD)).all())
        ]
    deeds = select(Deed.at, Deed.action, Deed.name, Deed.detail).where(
        Deed.subject == person.digest, Deed.workspace == person.workspace,
        Deed.id > seen.deed, Deed.action.in_(actions),
    )  # fmt: skip
    found += [
        Change(at=row.at, what=row.action, who=row.name, agreement=_agreement(row.detail))
        for row in reversed(session.execute(deeds.order_by(Deed.id.desc()).limit(_MOST_TOLD)).all())
    ]
    return sorted(found, key=lambda change: change.at)[-_MOST_TOLD:]


def _decided(person: Person) -> tuple[ColumnElement[bool], ...]:
    return Decision.digest == person.digest, Decision.workspace == person.workspace


def _agreement(detail: str | None) -> str:
    told = json.loads(detail) if detail else {}
    return str(told.get("agreement", ""))
