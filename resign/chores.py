"""What a worker does beside delivering: each chore has a thread of its own, so that none keeps another waiting."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

log = logging.getLogger(__name__)

_AGAIN_SECONDS = 5.0
_OUT_OF_REACH = (DBAPIError, PoolTimeoutError, OSError)


@dataclass(frozen=True, slots=True)
class Chore:
    """`step` does what is due now and says whether there is more; `pause` in seconds is taken where there is not."""

    name: str
    step: Callable[[], bool]
    pause: float
    # Lets go of what has not been begun, so that a stop need not wait for it.
    close: Callable[[], None] = lambda: None


class Chores:
    """Runs from entering to leaving. A step that fails is logged and repeated: a chore never ends by itself."""

    def __init__(self, chores: Sequence[Chore]) -> None:
        self._chores = chores
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(chore,), name=chore.name, daemon=True)
            for chore in chores
        ]

    def _run(self, chore: Chore) -> None:
        while not self._stopping.is_set():
            try:
                wait = 0.0 if chore.step() else chore.pause
            except _OUT_OF_REACH as error:
                log.warning("The database is out of reach (%s); trying again", type(error).__name__)
                wait = _AGAIN_SECONDS
            except BaseException:
                if self._stopping.is_set():
                    return  # what it was waiting for was let go of
                log.exception(
                    "A chore failed in a way that nobody foresaw; it goes on", extra={"chore": chore.name}
                )
                wait = _AGAIN_SECONDS
            self._stopping.wait(wait)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for chore in self._chores:
            chore.close()
        for thread in self._threads:
            thread.join(timeout=_AGAIN_SECONDS)
