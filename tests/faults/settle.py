"""Waits until nothing is owed any more, as long as it takes or with the clock turned on a little."""

import time
from datetime import UTC, datetime

from sqlalchemy import func, select, update

from resign.db import Database
from resign.ledger.tables import Decision
from resign.outbox.tables import LIVE, Lane, MessageRow
from tests.faults.rig import Rig

_LOOK_SECONDS = 0.25
_TURN_SECONDS = 1.0


def settle(rig: Rig, *, within: float, patient: bool) -> int:
    """Returns how much is still owed after `within` seconds: 0 where all went well.

    An impatient round does not sit out the pauses between two tries: it makes everything due, again and again.
    What is done then, and in which order, is up to resign alone.
    """
    deadline = time.monotonic() + within
    turn = time.monotonic() + _TURN_SECONDS
    with rig.database() as database:
        while (owed := _owed(database)) and time.monotonic() < deadline and not rig.worker.lies:
            if not patient and time.monotonic() > turn:
                _make_due(database)
                turn = time.monotonic() + _TURN_SECONDS
            time.sleep(_LOOK_SECONDS)
    return owed


def end_leases(rig: Rig) -> None:
    """The claims of a dead worker run out after two minutes. Only to be called while no worker lives."""
    if rig.worker.runs:
        raise RuntimeError("a lease must not be taken from a worker that lives")
    now = datetime.now(UTC)
    with rig.database() as database, database.engine.begin() as connection:
        connection.execute(update(MessageRow).where(MessageRow.leased_until > now).values(leased_until=now))


def _owed(database: Database) -> int:
    with database.reading() as session:
        decisions = session.scalar(select(func.count()).select_from(Decision).where(Decision.owed))
        messages = session.scalar(
            select(func.count()).select_from(MessageRow).where(MessageRow.state.in_(LIVE))
        )
    return (decisions or 0) + (messages or 0)


def _make_due(database: Database) -> None:
    now = datetime.now(UTC)
    with database.engine.begin() as connection:
        connection.execute(
            update(MessageRow)
            .where(MessageRow.state.in_(LIVE), MessageRow.due_at > now, MessageRow.leased_until.is_(None))
            .values(due_at=now)
        )
        connection.execute(update(Lane).where(Lane.paused_until > now).values(paused_until=now))
