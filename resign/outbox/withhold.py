"""Holds back an opt-in whose person has left since by another way: it is looked at once more when it is taken up."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import exists, insert, update
from sqlalchemy.orm import Session

from resign.ledger.newest import overtaken
from resign.ledger.tables import Decision
from resign.outbox.tables import Attempt, MessageRow

WITHHELD = "withheld"
_WHY = "something newer was decided, perhaps under another identifier of the same person"


def withhold(session: Session, opt_ins: Collection[int], now: datetime) -> set[int]:
    """Settles as superseded which of these messages something newer has overtaken; returns those. The caller commits.

    The fan-out supersedes what the same identifier overtakes. That two identifiers are one person is known only where
    an address was read back, and perhaps only since; so an opt-in that had to wait is asked about again. Opt-outs are
    not: in doubt nobody is switched on.
    """
    if not opt_ins:
        return set()
    row = MessageRow
    gone = exists().where(Decision.seq == row.decision_seq, overtaken()).correlate(row)
    held = session.scalars(
        update(row)
        .where(row.id.in_(opt_ins), gone)
        .values(state="superseded", outcome=WITHHELD, reason=_WHY, ticket=None, leased_until=None)
        .returning(row.id)
        .execution_options(synchronize_session=False)
    ).all()
    if held:
        tried = {"at": now, "phase": "tell", "outcome": WITHHELD, "reason": _WHY, "milliseconds": 0}
        session.execute(insert(Attempt), [{"message_id": number, **tried} for number in held])
    return set(held)
