"""A backlog written straight into the database, as an outage leaves it: decided, fanned out, not told."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from resign.bench.system import System, person
from resign.clock import SystemClock
from resign.ledger import decide
from resign.ledger.tables import Decision
from resign.outbox.tables import MessageRow
from resign.profile import Profile

_AT_ONCE = 5_000


def pile_up(system: System, count: int) -> None:
    began = SystemClock().now() - timedelta(hours=1)
    with system.database() as database, database.writing() as session:
        for first in range(0, count, _AT_ONCE):
            several = range(first, min(first + _AT_ONCE, count))
            session.connection().execute(
                insert(Decision), [_decision(system, number, began) for number in several]
            )
        numbers = session.scalars(select(Decision.seq).order_by(Decision.seq)).all()
        for first in range(0, count, _AT_ONCE):
            session.connection().execute(
                insert(MessageRow), list(_messages(system, numbers[first : first + _AT_ONCE], first, began))
            )
        session.commit()
    if not system.settings.database_url.startswith("sqlite"):
        _gather_statistics(system)


def _gather_statistics(system: System) -> None:
    """What autovacuum does within a minute of any backlog that grew by itself, and has had no time for here."""
    with system.database() as database:
        engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")


def _decision(system: System, number: int, at: datetime) -> dict[str, Any]:
    new = decide(
        workspace=system.workspace,
        digest_key=system.digest_key,
        profile=Profile("email", person(number)),
        agreement="newsletter",
        choice="opt-out",
        method="one-click",
        at=at,
        body="one-click",
    )
    return {**new.row, "owed": False}


def _messages(system: System, numbers: Any, first: int, at: datetime) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    for number, seq in enumerate(numbers, first):
        yield {
            "decision_seq": seq,
            "destination": "synerise",
            "workspace": system.workspace,
            "subject": Profile("email", person(number)).subject(system.digest_key),
            "agreement": "newsletter",
            "state": "owed",
            "due_at": at,
            "owed_since": at,
        }
