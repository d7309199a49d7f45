"""The one door through which decisions enter the ledger: whoever waits shares one durable commit with the others."""

import logging
import threading
import time

from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite

from resign.db import Database
from resign.db.group_commit import GroupCommit, Row, Unavailable
from resign.ledger.decision import NewDecision
from resign.ledger.tables import Decision

log = logging.getLogger(__name__)

OWED_CHANNEL = "resign_owed"
# Whoever appends has it together with the others, whoever must be the only one has it alone.
APPEND_LOCK = 0x6465_6369  # any number, as long as nothing else in this database locks it
# For PostgreSQL, before the first decision of a transaction; the worker is woken when it commits.
BEFORE_APPENDING = text(
    f"SELECT pg_advisory_xact_lock_shared({APPEND_LOCK}), pg_notify('{OWED_CHANNEL}', '')"
)

_SAY_AGAIN_SECONDS = 60.0

# The decision could not be made durable. It may have been written all the same, which is harmless.
LedgerUnavailable = Unavailable


class Intake:
    """Appends decisions durably. Safe to call from any number of threads; one per process."""

    def __init__(self, database: Database, *, most_waiting: int = 2_000) -> None:
        self.refusals = Refusals()
        dialect = sqlite if database.is_sqlite else postgresql
        self._shared = GroupCommit(
            database,
            # A retry after a lost connection may meet its own row, already committed: that is success.
            dialect.insert(Decision.__table__).on_conflict_do_nothing(index_elements=["id"]),
            first=None if database.is_sqlite else BEFORE_APPENDING,
            again=_may_be_tried_again,
            most_waiting=most_waiting,
        )

    def append(self, decision: NewDecision) -> None:
        """Returns when the decision is durable; raises LedgerUnavailable when it could not be made so."""
        try:
            self._shared.append(decision.row)
        except LedgerUnavailable as reason:
            self.refusals.note(str(reason))
            raise


def _may_be_tried_again(row: Row) -> bool:
    """Only an opt-out. An undo whose answer was "not recorded" must not be written later, behind the back of
    somebody who has pressed again meanwhile.
    """
    return bool(row["choice"] != "opt-in")


class Refusals:
    """Says in the log that people are being refused: at once, then once a minute with the count. One per process.

    A line for each would fill the disk during an outage; no line at all would leave the log silent about it.
    """

    def __init__(self) -> None:
        self._now = time.monotonic
        self._mutex = threading.Lock()
        self._count = 0
        self._silent_until = 0.0

    def note(self, cause: str) -> None:
        """`cause` is the type of an error or words of ours: never its text, which may quote the row."""
        with self._mutex:
            self._count += 1
            now = self._now()
            if now < self._silent_until:
                return
            count, self._count = self._count, 0
            self._silent_until = now + _SAY_AGAIN_SECONDS
        log.warning(
            "Decisions cannot be recorded (%s): %d refused since this was last said",
            cause,
            count,
            extra={"refused": count},
        )
