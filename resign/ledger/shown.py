"""Keeps the text of every page that people decided on, so that it can be rendered again byte for byte (C1, C2)."""

import threading

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from resign.db import Database
from resign.ledger.intake import LedgerUnavailable
from resign.ledger.tables import ShownPage


class ShownPages:
    """Writes each text once, before the first decision that names it; after that it costs a look in a set."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: set[str] = set()
        self._mutex = threading.Lock()

    def keep(self, *, digest: str, page: str, language: str, text: str) -> None:
        """Returns when the text is durable; raises LedgerUnavailable when it cannot be made so."""
        if digest in self._kept:
            return
        dialect = sqlite if self._database.is_sqlite else postgresql
        row = {"digest": digest, "page": page, "language": language, "text": text}
        try:
            with self._mutex, self._database.writing() as session:
                session.execute(dialect.insert(ShownPage).on_conflict_do_nothing(), row)
                session.commit()
        except (SQLAlchemyError, OSError) as error:
            raise LedgerUnavailable(type(error).__name__) from error
        self._kept.add(digest)
