"""What a test sees of notices and of the ledger afterwards."""

from sqlalchemy import select

from resign.db import Database
from resign.ledger.tables import Decision
from resign.notices.tables import NoticeRow


def verdicts(database: Database) -> list[str | None]:
    with database.reading() as session:
        return list(session.scalars(select(NoticeRow.verdict).order_by(NoticeRow.id)))


def newest(database: Database) -> Decision:
    with database.reading() as session:
        return session.scalars(select(Decision).order_by(Decision.seq.desc())).first()
