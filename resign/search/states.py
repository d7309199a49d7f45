"""How far the telling of a decision has got: for a row of a list, as a filter, and as a way to find what is owed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from resign.ledger.tables import Decision, is_owed
from resign.outbox.tables import MessageRow, is_dead, is_live
from resign.search.query import State

# `none`: nothing was owed to anybody. `told`: accepted by a destination that cannot be read back.
Delivery = Literal["dead", "telling", "confirmed", "told", "superseded", "none"]

# The first of them that one of a decision's messages is in is what the list shows.
_OF_MESSAGES: dict[str, Delivery] = {
    "dead": "dead",
    "owed": "telling",
    "accepted": "telling",
    "confirmed": "confirmed",
    "delivered": "told",
    "superseded": "superseded",
}
# These are few, or an alarm is ringing: they are found by themselves, without looking at what is done.
UNSETTLED: frozenset[State] = frozenset({"undelivered", "telling", "dead"})


def deliveries(session: Session, seqs: Collection[int]) -> Mapping[int, Delivery]:
    """Of decisions whose messages are written; the fan-out's mark is the caller's to look at."""
    found: dict[int, set[str]] = {}
    of_them = MessageRow.decision_seq.in_(seqs)
    for seq, state in session.execute(select(MessageRow.decision_seq, MessageRow.state).where(of_them)):
        found.setdefault(seq, set()).add(state)
    return {
        seq: next(shown for state, shown in _OF_MESSAGES.items() if state in states)
        for seq, states in found.items()
    }


def condition(states: Iterable[State]) -> ColumnElement[bool]:
    return or_(*(_one(state) for state in states))


def unsettled(session: Session, states: Collection[State], below: int, most: int) -> Sequence[int]:
    """The newest decisions that are in one of these states, by the indexes of what is not settled."""
    row, found = MessageRow, set[int]()
    live = not {"undelivered", "telling"}.isdisjoint(states)
    dead = not {"undelivered", "dead"}.isdisjoint(states)
    for wanted, which in ((live, is_live()), (dead, is_dead())):
        if wanted:
            query = select(row.decision_seq).where(which, row.decision_seq < below)
            found.update(session.scalars(query.order_by(row.decision_seq.desc()).limit(most)))
    if live:
        owed = select(Decision.seq).where(is_owed(), Decision.seq < below)
        found.update(session.scalars(owed.order_by(Decision.seq.desc()).limit(most)))
    return sorted(found, reverse=True)[:most]


def _one(state: State) -> ColumnElement[bool]:
    if state == "confirmed":
        return _has(MessageRow.state == "confirmed")
    if state == "dead":
        return _has(is_dead())
    telling = or_(is_owed(), _has(is_live()))
    return telling if state == "telling" else or_(telling, _has(is_dead()))


def _has(which: ColumnElement[bool]) -> ColumnElement[bool]:
    """With a limit and not EXISTS: of that PostgreSQL may make a list of all messages first."""
    one = select(MessageRow.id).where(MessageRow.decision_seq == Decision.seq, which).limit(1)
    return one.correlate(Decision).scalar_subquery().is_not(None)
