"""Where nothing may be mounted: a full disk for two processes only, by the kernel's own limit on a file's size."""

import resource
from contextlib import suppress

import psutil

from tests.faults.process import Process

# No write behind this many bytes of a file succeeds. What stands there already can still be read.
_SMALL = 32 * 1024


class Quota:
    """It stands for a full disk less well than one: a write fails with EFBIG, and nobody else is short of room."""

    def __init__(self, *processes: Process) -> None:
        self._processes = processes

    def set(self) -> None:
        self._limit(_SMALL)

    def lift(self) -> None:
        self._limit(resource.RLIM_INFINITY)

    def _limit(self, soft: int) -> None:
        for process in self._processes:
            for member in process.family():
                with suppress(psutil.NoSuchProcess):
                    member.rlimit(psutil.RLIMIT_FSIZE, (soft, resource.RLIM_INFINITY))
