"""The database: one SQLAlchemy engine for reading, one for writing, the same code on SQLite and PostgreSQL."""

from resign.db.engine import Database
from resign.db.schema import Table, UtcDateTime

__all__ = ["Database", "Table", "UtcDateTime"]
