"""Remembers on disk which rows of a file were dealt with, so that a push that was killed goes on where it stopped."""

import fcntl
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self


class InUse(Exception):
    """Another process pushes the same file at this moment."""


class Span(NamedTuple):
    """A part of the file, from one offset to another, whose rows were each accepted or rejected.

    `rejects` is the size of the file of rejects afterwards.
    """

    start: int
    end: int
    last_line: int
    rows: int
    accepted: int
    rejected: int
    rejects: int = 0


_FIRST = {"resign": "links push"}
_LAST = {"end": True}


class Journal:
    """One JSON line for each span, on the disk before anything else happens. Locked against a second process.

    A line that was half written when the power went is taken off, and its span is pushed once more.
    """

    def __init__(self, path: Path, *, anew: bool = False) -> None:
        """Raises InUse. `anew` forgets what was done, and only remembers where the rejects went."""
        self.path = path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            raise InUse from None
        found = noted(path)
        self.rejects_path = found.rejects
        self.spans: list[Span] = [] if anew else found.spans
        self.finished = found.finished and not anew
        self.is_new = anew or not found.size
        size = 0 if anew else found.size
        os.ftruncate(self._file, size)
        os.lseek(self._file, size, os.SEEK_SET)

    def note_rejects(self, rejects: Path) -> None:
        """The first line: where the rejects go, so that they are found again by whoever goes on."""
        self._write({**_FIRST, "rejects": str(rejects)})
        self.rejects_path = rejects
        # The file's own entry in its folder must be durable too, or the lines in it are worth nothing.
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def note(self, span: Span) -> None:
        self._write(span._asdict())

    def finish(self) -> None:
        self._write(_LAST)

    def close(self) -> None:
        os.close(self._file)

    def _write(self, content: Mapping[str, object]) -> None:
        line = json.dumps(content).encode() + b"\n"
        while line:
            line = line[os.write(self._file, line) :]
        os.fsync(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def merged(spans: Iterable[Span]) -> dict[int, Span]:
    """The spans by their starts, those that touch made one: a push of millions leaves a handful."""
    found: dict[int, Span] = {}
    last: Span | None = None
    for span in sorted(spans):
        if last is not None and last.end == span.start:
            last = Span(
                last.start, span.end, span.last_line, last.rows + span.rows,
                last.accepted + span.accepted, last.rejected + span.rejected,
            )  # fmt: skip
        else:
            last = span
        found[last.start] = last
    return found


class Noted(NamedTuple):
    """What a journal holds: `size` is how many bytes of it are whole lines."""

    spans: list[Span]
    finished: bool
    rejects: Path | None
    size: int


def noted(path: Path) -> Noted:
    """Reads a journal without a lock, and one that is not there as empty."""
    spans: list[Span] = []
    rejects: Path | None = None
    finished, size = False, 0
    try:
        with path.open("rb") as file:
            for line in file:
                content = json.loads(line)
                if not line.endswith(b"\n"):
                    break
                if size == 0:
                    rejects = Path(content["rejects"])
                elif content == _LAST:
                    finished = True
                else:
                    spans.append(Span(**content))
                size += len(line)
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        pass
    return Noted(spans, finished, rejects, size)
