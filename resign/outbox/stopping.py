"""What "everything" stops of an agreement that nobody thought of when it was said: it is decided as well, and so it is told.

Beside "everything" stands a decision on each agreement of the settings, because by itself it is told to nobody. One
that was out of the settings that day would stay on at Synerise. It is made up for here, behind all ways in which people
stop: page, mail program, staff, API, file.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from resign.ids import new_id
from resign.ledger import ALL, NewDecision
from resign.ledger.directly import append
from resign.ledger.tables import Consent, Decision

# What is each decision's own, or comes only after its insert.
_NOT_TAKEN_OVER = {"seq", "id", "agreement", "prior", "owed"}


def stop_the_rest(session: Session, owed: Sequence[Any]) -> None:
    """`owed` are decisions, the consents of which are written. The caller commits.

    Must come last in its transaction: who appends waits for whoever is appending alone. An opt-in that is committed
    meanwhile would count as older than what is decided here; it would have to be of this very moment, and of an
    agreement that only some of the processes know.
    """
    stops = {
        (each.workspace, each.digest): each
        for each in owed
        if each.agreement == ALL and each.choice == "opt-out" and each.identifier is not None
    }
    made = [
        _of(stop, row.agreement)
        for row in (_on(session, stops) if stops else ())
        if (stop := stops.get((row.workspace, row.digest))) is not None and row.decision_seq < stop.seq
    ]
    if made:
        append(session, made)


def _on(session: Session, stops: dict[tuple[str, str], Any]) -> Sequence[Any]:
    """What they are in on by their last word, also by one that no worker has taken yet."""
    newer = aliased(Decision)
    later = exists().where(
        newer.digest == Consent.digest, newer.workspace == Consent.workspace,
        newer.agreement == Consent.agreement, newer.seq > Consent.decision_seq,
    ).correlate(Consent)  # fmt: skip
    return session.execute(
        select(Consent.workspace, Consent.digest, Consent.agreement, Consent.decision_seq)
        .where(
            Consent.workspace.in_({workspace for workspace, _ in stops}),
            Consent.digest.in_({digest for _, digest in stops}),
            Consent.choice == "opt-in",
            ~later,
        )
        .order_by(Consent.workspace, Consent.digest, Consent.agreement)
    ).all()


def _of(stop: Any, agreement: str) -> NewDecision:  # noqa: ANN401 - a row of decisions
    names = [column.name for column in Decision.__table__.columns if column.name not in _NOT_TAKEN_OVER]
    said = {name: getattr(stop, name) for name in names}
    row = {**said, "id": new_id(), "agreement": agreement}
    return NewDecision(row["id"], stop.at, "opt-out", row)
