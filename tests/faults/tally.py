"""Counts what became of every press: what was acknowledged must be in the ledger, and hold in Synerise."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import func, select

from resign.db import Database
from resign.ids import reference
from resign.ledger.tables import Decision
from resign.outbox.tables import Attempt, MessageRow
from tests.faults.browser import Press


@dataclass(frozen=True, slots=True)
class Tally:
    """Presses, except where it says otherwise.

    `unanswered` got no usable answer, `refused` a 503. `unseen` are rows that nobody got an answer for: harmless.
    `doubled` are rows that nobody pressed for. `told_again` counts calls beyond the first for one message.
    """

    attempted: int
    acknowledged: int
    refused: int
    unanswered: int
    recorded: int
    accepted: int
    confirmed: int
    # Acknowledged, and not in the ledger.
    lost_here: int
    # People whose last acknowledged choice is in the ledger, and is not what Synerise holds at the end.
    lost_there: int
    doubled: int
    unseen: int
    told_again: int

    @property
    def lost(self) -> int:
        return self.lost_here + self.lost_there


class Row(NamedTuple):
    identifier: str
    reference: str
    choice: str


def count(presses: Sequence[Press], database: Database, agreeing: Mapping[int, bool] | None) -> Tally:
    """`agreeing` is the end state of the pretend Synerise, by clientId; None where nobody waited for it."""
    rows = _rows(database, {press.person.profile.value for press in presses})
    acknowledged = [press for press in presses if press.acknowledged]
    kept = [press for press in acknowledged if _row_of(press) in rows]
    states, accepted, told_again = _messages(database, {rows[_row_of(press)] for press in kept})
    statuses = Counter(press.status for press in presses)
    rows_of = Counter(row.identifier for row in rows)
    extra = [_extra(each, rows, rows_of) for each in _by_person(presses)]
    return Tally(
        attempted=len(presses),
        acknowledged=len(acknowledged),
        refused=statuses[503],
        unanswered=statuses[0],
        recorded=len(kept),
        accepted=accepted,
        confirmed=states["confirmed"],
        lost_here=len(acknowledged) - len(kept),
        lost_there=0
        if agreeing is None
        else sum(_lost_there(each, rows, agreeing) for each in _by_person(presses)),
        doubled=sum(doubled for doubled, _ in extra),
        unseen=sum(unseen for _, unseen in extra),
        told_again=told_again,
    )


def _row_of(press: Press) -> Row:
    return Row(press.person.profile.value, press.reference or "", press.choice)


def _rows(database: Database, identifiers: set[str]) -> dict[Row, int]:
    """The ledger's rows about these people, and their seq."""
    columns = Decision.identifier, Decision.id, Decision.choice, Decision.seq
    with database.reading() as session:
        return {
            Row(identifier, reference(decision_id), choice): seq
            for identifier, decision_id, choice, seq in session.execute(select(*columns))
            if identifier in identifiers
        }


def _messages(database: Database, seqs: set[int]) -> tuple[Counter[str], int, int]:
    """How many messages of these decisions are in which state, how many were accepted, and told more than once."""
    calls = (
        select(Attempt.message_id, func.count().label("made"))
        .where(Attempt.phase == "tell")
        .group_by(Attempt.message_id)
        .subquery()
    )
    columns = MessageRow.decision_seq, MessageRow.state, MessageRow.accepted_at, calls.c.made
    with database.reading() as session:
        found = [
            row
            for row in session.execute(select(*columns).outerjoin(calls, calls.c.message_id == MessageRow.id))
            if row.decision_seq in seqs
        ]
    again = sum(max(0, (row.made or 0) - 1) for row in found)
    return Counter(row.state for row in found), sum(row.accepted_at is not None for row in found), again


def _by_person(presses: Sequence[Press]) -> list[list[Press]]:
    """Each one's presses in the order they were made: sorting keeps it."""
    ordered = sorted(presses, key=lambda press: press.person.number)
    return [list(each) for _, each in groupby(ordered, key=lambda press: press.person.number)]


def _lost_there(presses: list[Press], rows: Mapping[Row, int], agreeing: Mapping[int, bool]) -> bool:
    """Only where the last press was acknowledged: what became of one without an answer, nobody can know."""
    last = presses[-1]
    if not last.acknowledged or _row_of(last) not in rows:
        return False
    return agreeing.get(last.person.number) is not (last.choice == "opt-in")


def _extra(presses: list[Press], rows: Mapping[Row, int], rows_of: Counter[str]) -> tuple[int, int]:
    """Rows that nobody pressed for, and rows of presses that got no answer."""
    acknowledged = {_row_of(press) for press in presses if press.acknowledged}
    beyond = rows_of[presses[0].person.profile.value] - len(acknowledged & rows.keys())
    may_be = sum(not press.acknowledged for press in presses)
    return max(0, beyond - may_be), min(beyond, may_be)
