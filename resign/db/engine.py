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
# The intake, a page's text that is kept for the first time, a command: hardly ever more than two at once.
_WRITERS = 4


class Database:
    """One database. The caller of `writing` commits; whatever is not committed is rolled back on leaving.

    Reading and writing have engines of their own: a connection that only reads is in autocommit from the start,
    which spares PostgreSQL two round trips a read and SQLite its BEGIN, and its pool has nothing to reset.
    """

    def __init__(self, url: str, *, connections: int = 8) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        open_engine = _open_sqlite if self.is_sqlite else _open_postgres
        self.engine = open_engine(self.url, connections=_WRITERS, writes=True)
        self.reader = open_engine(self.url, connections=connections, writes=False)
        self.turn: AbstractContextManager[None] = (
            Turn(Path(f"{self.url.database}-turn")) if self.is_sqlite else nullcontext()
        )

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Each statement sees what is committed when it begins."""
        with Session(self.reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self.turn, Session(self.engine, expire_on_commit=False) as session:
            yield session

    def close(self) -> None:
        self.engine.dispose()
        self.reader.dispose()
        if isinstance(self.turn, Turn):
            self.turn.close()


def _open_postgres(url: URL, *, connections: int, writes: bool) -> Engine:
    # synchronous_commit is asked for here, because the promise must not hang on a server's default.
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        **_pool(connections, writes=writes),
        isolation_level="READ COMMITTED" if writes else "AUTOCOMMIT",
        connect_args={
            "connect_timeout": 5,
            # A server that vanished without a word is noticed in seconds, not when TCP gives up after a quarter of an hour.
            "keepalives": 1,
            "keepalives_idle": 5,
            "keepalives_interval": 3,
            "keepalives_count": 3,
            "tcp_user_timeout": 15_000,
            "application_name": "resign",
            "options": "-c synchronous_commit=on -c statement_timeout=15000 -c timezone=UTC",
        },
    )


def _open_sqlite(url: URL, *, connections: int, writes: bool) -> Engine:
    Path(url.database or "").absolute().parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, **_pool(connections, writes=writes), connect_args={"check_same_thread": False}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    if writes:
        event.listen(engine, "begin", _begin_as_writer)
    return engine


def _pool(connections: int, *, writes: bool) -> dict[str, Any]:
    return {
        "pool_size": connections,
        "max_overflow": 0,
        "pool_timeout": 5,
        "pool_reset_on_return": "rollback" if writes else None,
        "hide_parameters": True,
    }


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
    connection.exec_driver_sql("BEGIN IMMEDIATE")
