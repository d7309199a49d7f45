"""What an export tells of a decision: its columns, and how each row of them is read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resign.exports.filters import without_addresses
from resign.ids import reference
from resign.ledger.requested import asked_for, choice_shown
from resign.ledger.tables import Decision, Reason
from resign.outbox.tables import MessageRow
from resign.search.rows import masked
from resign.search.states import deliveries


class Line(NamedTuple):
    """The fields are the columns, in their order. None where nothing is known, or retention has emptied it."""

    reference: str
    id: str
    workspace: str
    at: str
    choice: str
    method: str
    agreement: str
    identifier_kind: str
    identifier: str | None
    campaign: str | None
    language: str | None
    reason: str | None
    state: str
    confirmed_at: str | None
    actor: str
    origin: str | None
    evidence: str | None


COLUMNS = Line._fields


def lines(session: Session, seqs: Sequence[int], *, clear: bool) -> list[Line]:
    """In the order of `seqs`; with identifiers in clear, or as lists show them."""
    d = Decision.__table__.c
    columns = (
        d.seq, d.id, d.workspace, d.at, d.choice, d.method, d.agreement, d.kind, d.identifier, d.campaign,
        d.language, d.actor, d.owed,
        d.origin, d.evidence,
    )  # fmt: skip
    joined = select(*columns, Reason.code).outerjoin(Reason, Reason.decision == d.id)
    found = {row.seq: row for row in session.execute(joined.where(d.seq.in_(seqs)))}
    told = deliveries(session, found.keys())
    confirmed = _confirmed(session, seqs)
    return [
        _line(
            found[seq],
            "telling" if found[seq].owed else told.get(seq, "none"),
            confirmed.get(seq),
            clear=clear,
        )
        for seq in seqs
        if seq in found
    ]


def _line(row: Any, state: str, confirmed: datetime | None, *, clear: bool) -> Line:  # noqa: ANN401 - a row of the query above
    identifier = row.identifier
    if identifier and not clear:
        identifier = masked(row.kind, identifier)
    return Line(
        reference(row.id), str(row.id), row.workspace, _moment(row.at), choice_shown(row.agreement, row.choice),
        row.method, asked_for(row.agreement), row.kind, identifier, row.campaign, row.language, row.code, state,
        _moment(confirmed) if confirmed else None, row.actor, row.origin,
        row.evidence if clear or not row.evidence else without_addresses(row.evidence),
    )  # fmt: skip


def _confirmed(session: Session, seqs: Sequence[int]) -> dict[int, datetime]:
    """By Synerise; another system that is still to be told, or refused it, takes nothing from that."""
    seq, at = MessageRow.decision_seq, MessageRow.confirmed_at
    last = select(seq, func.max(at)).where(seq.in_(seqs), MessageRow.state == "confirmed").group_by(seq)
    return {number: moment for number, moment in session.execute(last) if moment}


def _moment(at: datetime) -> str:
    """ISO 8601 in UTC, to the millisecond."""
    return f"{at.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
