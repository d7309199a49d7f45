"""The one door through which decisions enter the ledger: whoever waits shares one durable commit with the others."""

from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite

from resign.db import Database
from resign.db.group_commit import GroupCommit, Row, Unavailable
from resign.ledger.decision import NewDecision
from resign.ledger.tables import Decision

OWED_CHANNEL = "resign_owed"

# The decision could not be made durable. It may have been written all the same, which is harmless.
LedgerUnavailable = Unavailable


class Intake:
    """Appends decisions durably. Safe to call from any number of threads; one per process."""

    def __init__(self, database: Database, *, most_waiting: int = 2_000) -> None:
        dialect = sqlite if database.is_sqlite else postgresql
        self._shared = GroupCommit(
            database,
            # A retry after a lost connection may meet its own row, already committed: that is success.
            dialect.insert(Decision.__table__).on_conflict_do_nothing(index_elements=["id"]),
            then=None if database.is_sqlite else text(f"NOTIFY {OWED_CHANNEL}"),
            again=_may_be_tried_again,
            most_waiting=most_waiting,
        )

    def append(self, decision: NewDecision) -> None:
        """Returns when the decision is durable; raises LedgerUnavailable when it could not be made so."""
        self._shared.append(decision.row)


def _may_be_tried_again(row: Row) -> bool:
    """Only an opt-out. An undo whose answer was "not recorded" must not be written later, behind the back of
    somebody who has pressed again meanwhile.
    """
    return bool(row["choice"] != "opt-in")
