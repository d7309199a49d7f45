"""Dead letters that something newer has overtaken are nobody's task any more: they leave the list by themselves."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from resign.ledger.newest import overtaken
from resign.ledger.tables import Decision
from resign.outbox.tables import MessageRow, is_dead

# Looked through at once: a few hundredths of a second.
MOST_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Found:
    """Numbers of dead letters that were overtaken, and behind which number to go on; 0 is the beginning again."""

    numbers: Sequence[int]
    next: int


def find(session: Session, *, after: int, most: int = MOST_AT_ONCE) -> Found:
    """Among the next `most` dead letters behind the number `after`."""
    some = (
        select(MessageRow.id, MessageRow.decision_seq)
        .where(is_dead(), MessageRow.id > after)
        .order_by(MessageRow.id)
        .limit(most)
    )
    looked_at = session.execute(some).all()
    if not looked_at:
        return Found((), 0)
    gone = set(
        session.scalars(
            select(Decision.seq).where(Decision.seq.in_({row.decision_seq for row in looked_at}), overtaken())
        )
    )
    numbers = [row.id for row in looked_at if row.decision_seq in gone]
    return Found(numbers, looked_at[-1].id if len(looked_at) == most else 0)


def settle(session: Session, numbers: Collection[int]) -> int:
    """They are superseded, and keep what was said when they were refused; returns how many. The caller commits."""
    change = update(MessageRow).where(is_dead(), MessageRow.id.in_(numbers)).values(state="superseded")
    result = session.execute(change.execution_options(synchronize_session=False))
    return cast("CursorResult[object]", result).rowcount
