"""Many rows into one table: the values as the table's types bind them, and nothing else that a session does for each row."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Dialect
from sqlalchemy import Table as Columns
from sqlalchemy.orm import Session

from resign.db.schema import Table


def insert_many(session: Session, table: type[Table], rows: Sequence[Mapping[str, Any]]) -> None:
    """Every row has the same keys. What has no key takes the database's default.

    SQLAlchemy's own way takes as long for a row as the database: an import of a million has a million of them.
    """
    if not rows:
        return
    connection = session.connection()
    statement, binders = _prepared(table, tuple(rows[0]), connection.dialect)
    # Column by column: most of them take a value as it is.
    columns = [
        [row[name] for row in rows] if bind is None else [bind(row[name]) for row in rows]
        for name, bind in binders.items()
    ]
    connection.exec_driver_sql(statement, list(zip(*columns, strict=True)))


@cache
def _prepared(table: type[Table], names: tuple[str, ...], dialect: Dialect) -> tuple[str, Mapping[str, Any]]:
    columns = cast("Columns", table.__table__).c
    mark = "?" if dialect.name == "sqlite" else "%s"
    quoted = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join([mark] * len(names))
    binders = {name: columns[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names}
    return f"INSERT INTO {table.__tablename__} ({quoted}) VALUES ({marks})", binders  # noqa: S608 - names of ours
