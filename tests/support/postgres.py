"""Databases on PostgreSQL, each as good as new: what a test wrote into one is emptied out before the next gets it.

Making one and dropping it takes an eighth of a second of the processor, emptying one a tenth of that. It counts as new
when its schema is untouched: whatever a test did to the catalogue, and statistics of what its tables held, cost it the
database. It gets another name each time, so that a thread which a test left behind finds nothing under the old one.
"""

import os
from collections import deque
from itertools import count

import psycopg

from resign.db import Database
from resign.db.migrate import upgrade

_numbers = count()
# A truncation writes to `pg_class` alone; any other change of a schema leaves newer rows, or fewer, in one of these.
_CATALOGUE = "pg_attribute pg_attrdef pg_constraint pg_index pg_trigger pg_proc pg_statistic".split()
# A table whose rows are all gone has its pages still.
_STATE = (  # noqa: S608 - all of it stands here
    "SELECT array(SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    " AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0),"
    " array(SELECT quote_ident(sequencename) FROM pg_sequences WHERE last_value IS NOT NULL),"
    " (SELECT md5(string_agg(relname, ' ' ORDER BY oid)) FROM pg_class), "
) + ", ".join(f"(SELECT count(*) || ' ' || max(xmin::text::bigint) FROM {table})" for table in _CATALOGUE)  # noqa: S608 - ours
_VERSION = "SELECT version_num FROM alembic_version"
_ALONE = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class Databases:
    """Those of one server, made from one that the migrations made."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._connection = psycopg.connect(server, autocommit=True)
        self._free: deque[str] = deque()
        self._connection.execute("CREATE DATABASE migrated")
        database = Database(self.url("migrated"), connections=1)
        upgrade(database)
        database.close()
        with psycopg.connect(self.url("migrated"), autocommit=True) as connection:
            used, _, *self._schema = connection.execute(_STATE).fetchone() or ()
            self._version = connection.execute(_VERSION).fetchall()
            assert not used, f"emptied would not be new: migrations put rows into {used}"

    def url(self, name: str) -> str:
        return self._server.replace("/postgres?", f"/{name}?")

    def lend(self) -> str:
        name = f"test_{os.getpid()}_{next(_numbers)}"
        # The one that came back last may still have us connected, and to be renamed it waits until nobody is.
        if len(self._free) > 1:
            self._connection.execute(f"ALTER DATABASE {self._free.popleft()} RENAME TO {name}")
        else:
            self._connection.execute(f"CREATE DATABASE {name} TEMPLATE migrated STRATEGY FILE_COPY")
        return name

    def take_back(self, name: str) -> None:
        if self._is_emptied(name):
            self._free.append(name)
        else:
            self._connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        self._connection.close()

    def _is_emptied(self, name: str) -> bool:
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            connection.execute(_ALONE)
            used, counted, *schema = connection.execute(_STATE).fetchone() or ()
            if schema != self._schema or connection.execute(_VERSION).fetchall() != self._version:
                return False
            if used:
                connection.execute(f"TRUNCATE {', '.join(used)} CASCADE")
            for sequence in counted:
                connection.execute(f"ALTER SEQUENCE {sequence} RESTART")
        return True
