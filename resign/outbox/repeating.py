"""Tells a person's newest decisions again because staff ask for it. No decision is made by that, and none that was overtaken is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import case, func, insert, or_, select, update
from sqlalchemy.orm import Session

from resign.ledger import ALL
from resign.ledger.newest import overtaken
from resign.ledger.requested import REQUESTED
from resign.ledger.tables import Decision
from resign.outbox.again import wait_for_the_fan_out
from resign.outbox.tables import MessageRow
from resign.profile import Kind, Profile

State = Literal[
    "waiting", "in-hand", "owed", "accepted", "confirmed", "delivered", "dead", "superseded", "untold"
]
# An opt-in that took effect is not told twice: if the profile says otherwise now, the person left there.
_AGAIN: dict[str, frozenset[str]] = {
    "opt-out": frozenset({"owed", "accepted", "confirmed", "delivered", "dead", "untold"}),
    "opt-in": frozenset({"owed", "dead"}),
}
# It decides things itself, too; what came from there has no message, and the decision's method is its name.
_SYNERISE = "synerise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How far one destination is with the newest decision on one agreement; `message` is None where there is none.

    state, beside a message's own: `waiting` (not fanned out yet, and to whom is not known), `in-hand` (a worker is about it at this moment),
    `untold` (it came from the destination itself).
    """

    seq: int
    decision: UUID
    agreement: str
    choice: str
    at: datetime
    destination: str
    state: State
    message: int | None
    reason: str | None

    @property
    def may_be_repeated(self) -> bool:
        return self.state in _AGAIN[self.choice]


def tellings(session: Session, workspace: str, digest: str, now: datetime) -> list[Telling]:
    """Nothing of a decision that no destination hears of: "everything", or an agreement that was taken out.

    Nor of what was only asked for: told again, it would send a second mail.
    """
    last = (
        select(func.max(Decision.seq))
        .where(
            Decision.workspace == workspace,
            Decision.digest == digest,
            Decision.agreement.not_in([ALL, REQUESTED]),
        )
        .group_by(Decision.agreement)
    )
    row = MessageRow
    rows = session.execute(
        select(
            Decision.seq, Decision.id, Decision.agreement, Decision.choice, Decision.at, Decision.method,
            Decision.owed, row.id.label("message"), row.destination, row.state, row.reason, row.leased_until,
        )
        .outerjoin(row, row.decision_seq == Decision.seq)
        .where(Decision.seq.in_(last), ~overtaken())
        .order_by(Decision.seq, row.id)
    )  # fmt: skip
    found = [_telling(each, now) for each in rows]
    return [each for each in found if each.state != "untold" or each.destination == _SYNERISE]


def repeat(session: Session, workspace: str, digest: str, digest_key: bytes, now: datetime) -> list[Telling]:
    """Makes owed again, and due now, whatever may be repeated; returns that. The caller commits.

    What a worker has in its hands stays there: two calls in flight could land in either order.
    """
    wait_for_the_fan_out(session)
    chosen = [each for each in tellings(session, workspace, digest, now) if each.may_be_repeated]
    row = MessageRow
    owed = session.scalars(
        update(row)
        .where(
            row.id.in_([each.message for each in chosen if each.message is not None]),
            or_(row.leased_until.is_(None), row.leased_until <= now),
            row.state != "superseded",
        )
        .values(
            state="owed", due_at=now, tries=0, outcome=None, reason=None, confirmed_at=None,
            owed_since=case((row.state == "owed", func.coalesce(row.owed_since, now)), else_=now),
            # Where Synerise is told by an event, the same telling once more would start nothing.
            tellings=case((row.state == "owed", row.tellings), else_=row.tellings + 1),
        )
        .returning(row.id)
        .execution_options(synchronize_session=False)
    ).all()  # fmt: skip
    untold = [each for each in chosen if each.message is None]
    _owe(session, untold, workspace, digest_key, now)
    return [each for each in chosen if each.message in owed or each.message is None]


def _owe(
    session: Session, untold: Sequence[Telling], workspace: str, digest_key: bytes, now: datetime
) -> None:
    """It came from the destination itself, so nothing was owed there."""
    for each in untold:
        kind, identifier = session.execute(
            select(Decision.kind, Decision.identifier).where(Decision.seq == each.seq)
        ).one()
        subject = Profile(cast("Kind", kind), identifier or "").subject(digest_key)
        session.execute(
            insert(MessageRow).values(
                decision_seq=each.seq, destination=each.destination, workspace=workspace, subject=subject,
                agreement=each.agreement, state="owed", due_at=now, owed_since=now,
            )
        )  # fmt: skip


def _telling(row: Any, now: datetime) -> Telling:  # noqa: ANN401 - a row of the query above
    state = row.state
    if row.owed:
        state = "waiting"
    elif row.message is None:
        state = "untold"
    elif row.leased_until is not None and row.leased_until > now:
        state = "in-hand"
    return Telling(
        seq=row.seq, decision=row.id, agreement=row.agreement, choice=row.choice, at=row.at,
        destination=row.destination or (row.method if state == "untold" else ""), state=state, message=row.message, reason=row.reason,
    )  # fmt: skip
