"""Keeps child processes running: restarts what dies, and passes a stop on so that each can finish its work."""

import logging
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType, TracebackType
from typing import Self

from resign.settings.surroundings import surroundings

log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.1
_RESTART_FIRST, _RESTART_MOST = 0.5, 30.0
_WELL_AFTER = 60.0
_GRACE_SECONDS = 45.0
_BAD_SETTINGS = 2


@dataclass
class Child:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    # Whether `environment` comes on top of ours, or is all that the child gets.
    inherits: bool = True
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    restart_at: float = 0.0
    delay: float = _RESTART_FIRST

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            list(self.command),
            env={**(surroundings() if self.inherits else {}), **self.environment},
            start_new_session=True,  # Ctrl-C is ours alone to hear, or each child would be stopped twice
        )
        self.started = time.monotonic()


class Family:
    """Child processes with one life: entering starts them, leaving stops them."""

    def __init__(self, children: Sequence[Child]) -> None:
        self._children = children
        self._stopping = False

    def __enter__(self) -> Self:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        for child in self._children:
            child.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _stop(self._children)

    def watch(self) -> int:
        """Until SIGTERM or SIGINT; returns the exit status. A child that cannot start at all ends everything."""
        while not self._stopping:
            time.sleep(_LOOK_SECONDS)
            if status := self.look_after():
                return status
        return 0

    def look_after(self) -> int:
        """Restarts what died; not 0 where that cannot help."""
        return next((status for child in self._children if (status := _look_after(child))), 0)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True


def _look_after(child: Child) -> int:
    """Restarts a child that died, later each time it dies young; its status where restarting cannot help."""
    now = time.monotonic()
    if child.process is not None and (status := child.process.poll()) is not None:
        if status == _BAD_SETTINGS:
            return status
        child.delay = (
            _RESTART_FIRST if now - child.started > _WELL_AFTER else min(child.delay * 2, _RESTART_MOST)
        )
        log.error(
            "The %s process ended with status %d; it starts again in %.1f s", child.name, status, child.delay
        )
        child.process, child.restart_at = None, now + child.delay
    elif child.process is None and now >= child.restart_at:
        child.start()
    return 0


def _stop(children: Sequence[Child]) -> None:
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + _GRACE_SECONDS
    for process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
