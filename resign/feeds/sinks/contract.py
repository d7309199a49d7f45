"""What a feed and a place for files agree on: a file is put there whole, or it is said in words why it was not."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

# Called now and then while a file is under way; it may raise, and then the file is given up.
Alive = Callable[[], None]
# No step of a sink is silent for longer.
MOST_SILENT = 60.0
# What a check writes, and takes away again; and what is shown by that.
PROBE = "resign-check.tmp"
CAN_BE_PUT = "files can be put there"


class NotTaken(Exception):
    """The text says what is wrong and what to do. It names no address, no secret and nothing of the file."""


class File(Protocol):
    """`sha256` in hexadecimal digits; `bytes` is the length of what stands at `path`."""

    @property
    def path(self) -> Path: ...
    @property
    def name(self) -> str: ...
    @property
    def media(self) -> str: ...
    @property
    def bytes(self) -> int: ...
    @property
    def sha256(self) -> str: ...


class Sink(Protocol):
    @property
    def proves(self) -> str:
        """What a probe has shown that raised nothing, and what it has not; in words, behind the name of the feed."""
        ...

    def put(self, file: File, alive: Alive) -> None:
        """Returns when the file is safely there. Putting one of the same name again takes the place of the first."""
        ...

    def probe(self) -> None:
        """Whether files can be put there, as far as it can be known without one."""
        ...
