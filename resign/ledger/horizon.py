"""Up to which decision everything is there: behind it, one with a lower number may still be on its way."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resign.ledger.directly import stop_others
from resign.ledger.tables import Decision


def horizon(session: Session) -> int:
    """PostgreSQL hands out numbers before it commits, so this waits for appends under way; on SQLite there are none.

    The lock ends with the caller's transaction, which should end at once.
    """
    stop_others(session)
    return session.scalar(select(func.max(Decision.seq))) or 0
