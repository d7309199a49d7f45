"""Opens the database and hands out sessions: `reading` sees what is committed, `writing` takes the writer's turn."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session

from resign.db.turn import Turn

_BUSY_MILLISECONDS = 10_000
_READS = "resign_reads"


class Database:
    """One database. The caller of `writing` commits; whatever is not committed is rolled back on leaving."""

    def __init__(self, url: str, *, connections: int = 8) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        engine = (
            _open_sqlite(self.url, connections) if self.is_sqlite else _open_postgres(self.url, connections)
        )
        self.engine = engine
        self._turn: AbstractContextManager[None] = (
            Turn(Path(f"{self.url.database}-turn")) if self.is_sqlite else nullcontext()
        )
        # Each read is one statement: autocommit spares PostgreSQL two round trips, and SQLite its BEGIN.
        self._reader = engine.execution_options(
            **({_READS: True} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"})
        )

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with Session(self._reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self._turn, Session(self.engine, expire_on_commit=False) as session:
            yield session

    def close(self) -> None:
        self.engine.dispose()


def _open_postgres(url: URL, connections: int) -> Engine:
    # synchronous_commit is asked for here, because the promise must not hang on a server's default.
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=connections,
        max_overflow=connections,
        pool_timeout=5,
        hide_parameters=True,
        connect_args={
            "connect_timeout": 5,
            "application_name": "resign",
            "options": "-c synchronous_commit=on -c statement_timeout=15000 -c timezone=UTC",
        },
    )


def _open_sqlite(url: URL, connections: int) -> Engine:
    Path(url.database or "").absolute().parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=connections,
        pool_timeout=5,
        hide_parameters=True,
        connect_args={"check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_as_writer)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - sqlite3.Connection behind a pool
    # Python's own transactions begin late and let two readers both become writers: deadlock. We say BEGIN.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={_BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_as_writer(connection: Connection) -> None:
    if not connection.get_execution_options().get(_READS):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
