"""Where a person stands on several agreements, by the ledger alone: the newest decision on each, or on everything."""

import dataclasses
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resign.ledger.decision import ALL
from resign.ledger.newest import COLUMNS, Newest
from resign.ledger.requested import ASKED_FOR, REQUESTED
from resign.ledger.tables import Decision


def standings(
    session: Session, workspace: str, digest: str, agreements: Collection[str]
) -> dict[str, Newest]:
    """By agreement what holds; those on which nothing was ever decided are left out.

    "Stop everything" holds for an agreement until something newer is decided on it, so that an older grant which
    arrives later, or an agreement that is thought of later, finds it standing.
    """
    last = (
        select(func.max(Decision.seq))
        .where(
            Decision.workspace == workspace,
            Decision.digest == digest,
            Decision.agreement.in_([*agreements, ALL]),
        )
        .group_by(Decision.agreement)
    )
    rows = session.execute(select(Decision.agreement, *COLUMNS).where(Decision.seq.in_(last))).all()
    newest = {row.agreement: Newest(*row[1:]) for row in rows}
    everything = newest.pop(ALL, None)
    if everything is None:
        return newest
    return {name: _holds(newest.get(name), everything) for name in agreements}


def _holds(own: Newest | None, everything: Newest) -> Newest:
    """Whoever was in on an agreement when everything was stopped, and of it alone nothing was decided, is out by that."""
    if own is not None and own.seq > everything.seq:
        return own
    if own is None or own.choice != everything.choice:
        return dataclasses.replace(everything, on_all=True)
    return dataclasses.replace(everything, told_by=own.seq)


def requested(session: Session, workspace: str, digest: str) -> Newest | None:
    """The opt-in that the person asked for, while nothing was decided on the newsletter or everything since."""
    found = standings(session, workspace, digest, (ASKED_FOR, REQUESTED))
    asked, answer = found.get(REQUESTED), found.get(ASKED_FOR)
    if asked is None or asked.choice != "opt-in" or (answer is not None and answer.seq > asked.seq):
        return None
    return asked
