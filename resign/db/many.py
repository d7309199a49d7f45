"""Many rows into one table: the values as the table's types bind them, and nothing else that a session does for each row."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Dialect
from sqlalchemy import Table as Columns
from sqlalchemy.orm import Session

from resign.db.schema import Table

_LENGTH = re.compile(r"\(\d+\)")


def insert_many(session: Session, table: type[Table], rows: Sequence[Mapping[str, Any]]) -> None:
    """Every row has the same keys; they are inserted in their order. What has no key takes the database's default.

    SQLAlchemy's own way takes as long for a row as the database: an import of a million has a million of them.
    """
    if not rows:
        return
    connection = session.connection()
    # What is nothing in all of them is left out: a decision that was imported has no page, no body, no end.
    names = tuple(
        name for name in rows[0] if any(row[name] is not None for row in rows) or _has_default(table, name)
    )
    statement, binders = _prepared(table, names, connection.dialect)
    # Column by column: most of them take a value as it is.
    columns = [
        [row[name] for row in rows] if bind is None else [bind(row[name]) for row in rows]
        for name, bind in binders.items()
    ]
    values = zip(*columns, strict=True)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(statement, list(values))
    else:
        # What JSON has no form for, UUIDs and times, it holds as text.
        given = json.dumps([dict(zip(names, each, strict=True)) for each in values], default=str)
        connection.exec_driver_sql(statement, (given,))


def _has_default(table: type[Table], name: str) -> bool:
    return cast("Columns", table.__table__).c[name].server_default is not None


@cache
def _prepared(table: type[Table], names: tuple[str, ...], dialect: Dialect) -> tuple[str, Mapping[str, Any]]:
    columns = cast("Columns", table.__table__).c
    quoted = ", ".join(f'"{name}"' for name in names)
    binders = {name: columns[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names}
    into = f"INSERT INTO {table.__tablename__} ({quoted})"
    if dialect.name == "sqlite":
        return f"{into} VALUES ({', '.join('?' * len(names))})", binders
    # One statement for all of them, where psycopg would send one for each row; as JSON, which Python writes in a tenth of the time
    # of arrays. Without their lengths, or a text that is too long would be cut here, and not refused there.
    types = [_LENGTH.sub("", columns[name].type.compile(dialect)) for name in names]
    typed = ", ".join(f'"{name}" {each}' for name, each in zip(names, types, strict=True))
    rows = (
        f"ROWS FROM (json_to_recordset(%s::json) AS ({typed})) WITH ORDINALITY AS given ({quoted}, nth_given)"
    )
    return f"{into} SELECT {quoted} FROM {rows} ORDER BY nth_given", binders  # noqa: S608 - names of ours
