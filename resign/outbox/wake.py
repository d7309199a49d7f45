"""Wakes the worker: PostgreSQL calls it (LISTEN/NOTIFY), SQLite is asked often and cheaply."""

import logging
import threading
from types import TracebackType
from typing import Any, Self

from sqlalchemy.exc import SQLAlchemyError

from resign.db import Database
from resign.ledger.intake import OWED_CHANNEL

log = logging.getLogger(__name__)

# A poll on SQLite reads two index pages. On PostgreSQL it only catches what is due by time, or a call not heard.
_SQLITE_POLL = 0.03
_POSTGRES_POLL = 0.25
_LISTEN_AGAIN = 2.0


class Wake:
    """Something to wait on, set whenever there may be work: a decision, a finished delivery, a stop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._event = threading.Event()
        self._stopping = threading.Event()
        self._listener: threading.Thread | None = None
        self.poll = _SQLITE_POLL if database.is_sqlite else _POSTGRES_POLL

    def __enter__(self) -> Self:
        if not self._database.is_sqlite:
            self._listener = threading.Thread(target=self._listen, name="listen", daemon=True)
            self._listener.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        if self._listener is not None:
            self._listener.join()

    def set(self) -> None:
        self._event.set()

    def wait(self, seconds: float | None = None) -> None:
        self._event.wait(self.poll if seconds is None else seconds)
        self._event.clear()

    def _listen(self) -> None:
        """Listens until stopped. A lost connection costs the poll's delay until it is back, nothing else."""
        while not self._stopping.is_set():
            try:
                self._hear()
            except (SQLAlchemyError, OSError) as error:
                log.warning(
                    "Listening for decisions was interrupted (%s); polling meanwhile", type(error).__name__
                )
                self._stopping.wait(_LISTEN_AGAIN)

    def _hear(self) -> None:
        with self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"LISTEN {OWED_CHANNEL}")
            driver: Any = connection.connection.driver_connection
            try:
                while not self._stopping.is_set():
                    for _ in driver.notifies(timeout=0.5, stop_after=1):
                        self.set()
            finally:
                connection.invalidate()  # a connection that listens must not serve anybody else
