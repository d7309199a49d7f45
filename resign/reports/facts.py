"""What is to be counted of a decision, as the database knows it now: each fact in one statement for many decisions."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from resign.ledger import UNDO_WITHIN
from resign.ledger.requested import REQUESTED
from resign.ledger.tables import Decision
from resign.notices.tables import NoticeRow
from resign.outbox.tables import Attempt, MessageRow
from resign.reports.durations import bucket_of

# So many numbers go into one statement.
_PART = 2_000
_BY_THE_PERSON = {"page", "one-click", "preferences"}
SENT = "message.sent"

_later, _before, _new, _out = (aliased(Decision) for _ in range(4))


@dataclass(frozen=True, slots=True)
class Fact:
    """One decision. `confirmed` and `mail` are buckets; None where nothing is known, or there is nothing to know."""

    decision: Any  # a row of the query below
    undone: bool = False
    confirmed: int | None = None
    mail: int | None = None


def facts(session: Session, seqs: Collection[int]) -> list[Fact]:
    """In the order of their numbers; without a decision they are left out, and so is what was only asked for."""
    found: list[Fact] = []
    for part in _parts(sorted(set(seqs))):
        decisions = session.execute(_DECISIONS.where(Decision.seq.in_(part)).order_by(Decision.seq)).all()
        outs = [decision.seq for decision in decisions if decision.choice == "opt-out"]
        first_ins, confirmed, mails = (
            _first_opt_ins(session, outs),
            _confirmed(session, outs),
            _mails(session, outs),
        )
        for decision in decisions:
            seq, at = decision.seq, decision.at
            told = decision.method != "synerise" and seq in confirmed
            found.append(
                Fact(
                    decision,
                    undone=_undoes(first_ins.get(seq), at),
                    confirmed=bucket_of(confirmed[seq] - at) if told else None,
                    mail=bucket_of(at - mails[seq]) if seq in mails else None,
                )
            )
    return found


_DECISIONS = select(
    Decision.seq, Decision.workspace, Decision.kind, Decision.identifier, Decision.digest, Decision.agreement,
    Decision.choice, Decision.method, Decision.at, Decision.campaign, Decision.language,
).where(Decision.agreement != REQUESTED)  # fmt: skip


def taken_back_by(session: Session, opt_ins: Collection[int]) -> set[int]:
    """The opt-outs that these opt-ins are the next opt-in of."""
    previous = (
        select(_before.seq)
        .where(_of_the_same(_before, _new), _before.choice == "opt-in", _before.seq < _new.seq)
        .order_by(_before.seq.desc())
        .limit(1)
        .correlate(_new)
        .scalar_subquery()
    )
    query = select(_out.seq).join(
        _new,
        _of_the_same(_out, _new)
        & (_out.choice == "opt-out")
        & (_out.seq < _new.seq)
        & (_out.seq > func.coalesce(previous, 0)),
    )
    return {
        seq for part in _parts(sorted(opt_ins)) for seq in session.scalars(query.where(_new.seq.in_(part)))
    }


def told_by(session: Session, messages: Collection[int]) -> set[int]:
    """The decisions that these messages tell of."""
    query = select(MessageRow.decision_seq)
    return {
        seq
        for part in _parts(sorted(messages))
        for seq in session.scalars(query.where(MessageRow.id.in_(part)))
    }


def after_mails(session: Session, notices: Sequence[Any]) -> set[int]:
    """The opt-outs that came after one of these mails, of the same person, by a link of the same campaign."""
    sent: dict[tuple[str, str, str], datetime] = {}
    for notice in notices:
        about = (notice.workspace, notice.digest, notice.campaign)
        sent[about] = min(notice.at, sent.get(about, notice.at))
    query = select(Decision.seq, Decision.workspace, Decision.digest, Decision.campaign, Decision.at).where(
        Decision.choice == "opt-out", Decision.campaign.is_not(None)
    )
    never = datetime.max.replace(tzinfo=UTC)
    return {
        seq
        for part in _parts(sorted({digest for _, digest, _ in sent}))
        for seq, workspace, digest, campaign, at in session.execute(query.where(Decision.digest.in_(part)))
        if at >= sent.get((workspace, digest, campaign or ""), never)
    }


def _first_opt_ins(session: Session, outs: Sequence[int]) -> dict[int, Any]:
    """By opt-out the same person's next opt-in on the same agreement."""
    if not outs:
        return {}
    first = (
        select(_later.seq)
        .where(_of_the_same(_later, _out), _later.choice == "opt-in", _later.seq > _out.seq)
        .order_by(_later.seq)
        .limit(1)
        .correlate(_out)
        .scalar_subquery()
    )
    pairs = [
        (seq, opt_in)
        for seq, opt_in in session.execute(select(_out.seq, first).where(_out.seq.in_(outs)))
        if opt_in
    ]
    query = select(Decision.seq, Decision.at, Decision.method, Decision.actor)
    opt_ins = {
        row.seq: row
        for row in session.execute(query.where(Decision.seq.in_({opt_in for _, opt_in in pairs})))
    }
    return {seq: opt_ins[opt_in] for seq, opt_in in pairs if opt_in in opt_ins}


def _undoes(opt_in: Any, out_at: datetime) -> bool:  # noqa: ANN401 - a row, or None
    """A break that ended, or staff who acted, is no change of mind."""
    return bool(
        opt_in is not None
        and opt_in.method in _BY_THE_PERSON
        and opt_in.actor == "person"
        and opt_in.at - out_at <= UNDO_WITHIN
    )


def _confirmed(session: Session, outs: Sequence[int]) -> dict[int, datetime]:
    """When each was confirmed first: the attempts say so, also after the message was told again."""
    query = (
        select(MessageRow.decision_seq, func.min(Attempt.at))
        .join(Attempt, Attempt.message_id == MessageRow.id)
        .where(MessageRow.decision_seq.in_(outs), Attempt.outcome == "confirmed")
        .group_by(MessageRow.decision_seq)
    )
    return dict(session.execute(query).all()) if outs else {}


def _mails(session: Session, outs: Sequence[int]) -> dict[int, datetime]:
    """When the last mail of its campaign before each opt-out went to that person, where Synerise told of it."""
    query = (
        select(Decision.seq, func.max(NoticeRow.at))
        .join(
            NoticeRow,
            and_(
                NoticeRow.digest == Decision.digest,
                NoticeRow.workspace == Decision.workspace,
                NoticeRow.campaign == Decision.campaign,
                NoticeRow.action == SENT,
                NoticeRow.at <= Decision.at,
            ),
        )
        .where(Decision.seq.in_(outs))
        .group_by(Decision.seq)
    )
    return dict(session.execute(query).all()) if outs else {}


def _of_the_same(one: Any, other: Any) -> Any:  # noqa: ANN401 - two aliases of decisions
    return and_(
        one.digest == other.digest, one.workspace == other.workspace, one.agreement == other.agreement
    )


def _parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for begin in range(0, len(values), _PART):
        yield values[begin : begin + _PART]


def numbers(rows: Iterable[Any]) -> set[int]:
    return {row[0] for row in rows}
