"""On SQLite, the writers' queue: processes wait for their turn on a lock file instead of sleeping in SQLITE_BUSY.

SQLite lets one writer in and makes the others poll with growing sleeps; under load that is a p99 of 300 ms.
A blocking `flock` wakes the next writer at once. The kernel lets go of it when its process dies, so a
crash leaves nothing behind. The price is a second file beside the database.
"""

import fcntl
import os
import threading
from pathlib import Path
from types import TracebackType


class Turn:
    """A lock between threads and processes. Whoever has it may take it again. Re-opened after a fork, since a lock belongs to the open file.

    Of this process's threads whoever has just had it comes behind those who wait: they stand before the gate one by
    one. Without it a thread that writes in parts takes its turn again before anybody has woken up.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = threading.RLock()
        self._gate = threading.Lock()
        self._owner: int | None = None
        self._depth = 0
        self._file: tuple[int, int] | None = None

    def __enter__(self) -> None:
        if self._owner == threading.get_ident():
            self._threads.acquire()
        else:
            with self._gate:
                self._threads.acquire()
        try:
            if not self._depth:
                fcntl.flock(self._descriptor(), fcntl.LOCK_EX)
                self._owner = threading.get_ident()
            self._depth += 1
        except BaseException:
            self._threads.release()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._depth -= 1
            if not self._depth:
                self._owner = None
                fcntl.flock(self._descriptor(), fcntl.LOCK_UN)
        finally:
            self._threads.release()

    def close(self) -> None:
        """Lets go of the file; whoever takes a turn afterwards opens it again."""
        with self._threads:
            if self._file is not None and self._file[0] == os.getpid() and not self._depth:
                os.close(self._file[1])
                self._file = None

    def _descriptor(self) -> int:
        process = os.getpid()
        if self._file is None or self._file[0] != process:
            self._file = (process, os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        return self._file[1]
