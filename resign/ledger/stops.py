"""What one press on "stop everything" switched off, and may be undone within a day."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.ledger.decision import ALL
from resign.ledger.newest import newest_seq, outs_since_last_opt_in
from resign.ledger.rules import UNDO_WITHIN, may_undo
from resign.ledger.tables import Decision

# Behind how an agreement stood on the page: it was on by what we know ourselves, whatever the form said.
ON = "!"
_MOST_PRESSES = 20


def restorable(
    session: Session, workspace: str, digest: str, agreements: Collection[str], now: datetime
) -> list[str]:
    """Those agreements that were on until the person stopped everything here, and on which nothing was decided since.

    What was off before stays off, and so does what is off by anybody but the person.
    """
    stops = session.execute(
        select(Decision.seq, Decision.choice, Decision.method, Decision.seen)
        .where(
            Decision.workspace == workspace,
            Decision.digest == digest,
            Decision.agreement == ALL,
            Decision.at > now - UNDO_WITHIN,
        )
        .order_by(Decision.seq.desc())
        .limit(_MOST_PRESSES)
    ).all()
    if not stops or any(stop.choice != "opt-out" or stop.method != "preferences" for stop in stops):
        return []
    found = []
    for name in agreements:
        outs = outs_since_last_opt_in(session, workspace, digest, name)
        newest = newest_seq(session, workspace, digest, name)
        if newest is None or newest > stops[0].seq or not may_undo(outs, now):
            continue
        # Pressed twice, the second press found it off already; its first is the one that counts.
        first = outs[-1].seq
        if any(stop.seq > first and name in _stood(stop.seen) for stop in stops):
            found.append(name)
    return found


def _stood(seen: str | None) -> set[str]:
    return {part.partition("=")[0] for part in (seen or "").split() if part.endswith(ON)}
