"""Compares what a profile shows at Synerise at this moment with what was decided here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from resign.acting.act import Act
from resign.acting.person import Person, agreements_of
from resign.ledger.newest import Newest
from resign.ledger.standings import standings
from resign.outbox.contract import Busy, Choice, Misconfigured, NoSuchProfile, Outcome, Refused
from resign.outbox.standing import is_under_way
from resign.profile import Profile

ACTION = "checked"

# By agreement what the profile shows, None where it shows neither; or why it cannot be known now.
Look = Callable[[Profile], Mapping[str, Choice | None] | Outcome]
Word = Literal[
    "agrees", "differs", "on-its-way", "no-such-profile", "busy", "refused", "misconfigured", "unreachable"
]
_WORDS: tuple[tuple[type, Word], ...] = (
    (NoSuchProfile, "no-such-profile"), (Busy, "busy"), (Refused, "refused"), (Misconfigured, "misconfigured"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One agreement: what was decided here, if anything, what the profile shows, and whether it is still being told."""

    agreement: str
    held: Newest | None
    shown: Choice | None
    under_way: bool = False

    @property
    def differs(self) -> bool:
        return self.held is not None and self.held.choice != self.shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    at: datetime
    word: Word
    rows: Sequence[Row] = ()


def compare(
    session: Session, act: Act, person: Person, shown: Mapping[str, Choice | None] | Outcome
) -> Check:
    if not isinstance(shown, Mapping):
        word: Word = next((word for kind, word in _WORDS if isinstance(shown, kind)), "unreachable")
        return Check(at=act.at, word=word)
    names = agreements_of(act.workspace)
    held = standings(session, person.workspace, person.digest, names)
    rows = [
        Row(agreement=name, held=held.get(name), shown=shown.get(name), under_way=_waits(session, held.get(name)))
        for name in names
    ]  # fmt: skip
    differing = [row for row in rows if row.differs]
    word = "agrees"
    if differing:
        word = "on-its-way" if all(row.under_way for row in differing) else "differs"
    return Check(at=act.at, word=word, rows=rows)


def note_check(session: Session, act: Act, person: Person, check: Check) -> None:
    """The outcome alone. The caller commits."""
    act.note(session, ACTION, person.digest, outcome=check.word)


def _waits(session: Session, newest: Newest | None) -> bool:
    return newest is not None and is_under_way(session, newest)
