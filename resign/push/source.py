"""The file of profiles: a file that can be read twice and so resumed, or a stream that cannot."""

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from resign.push.columns import Columns
from resign.push.csv_rows import CsvRows
from resign.push.jsonl_rows import JsonlRows
from resign.push.lines import CannotRead, Lines
from resign.push.rows import Rows

Format = Literal["csv", "jsonl"]
_BUFFER = 1 << 20
_SUFFIXES: dict[str, Format] = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}


@dataclass(frozen=True, slots=True)
class Source:
    """`path` and `size` are None for a stream: it is read once, and nobody knows where it ends."""

    stream: BinaryIO
    path: Path | None
    size: int | None
    state: tuple[int, ...]

    def rows(self, columns: Columns, asked: Format | None) -> Rows:
        """Raises CannotRead."""
        if self._format(asked) == "jsonl":
            return JsonlRows(Lines(self.stream), columns)
        return CsvRows(Lines(self.stream), columns)

    def has_changed(self) -> bool:
        """Whether somebody wrote to the file since it was opened: then rows may have been missed."""
        return self.path is not None and _state(os.fstat(self.stream.fileno())) != self.state

    def _format(self, asked: Format | None) -> Format:
        """As asked; by the file's name; by whether it begins with a brace."""
        by_name = _SUFFIXES.get(self.path.suffix.lower()) if self.path else None
        if asked or by_name:
            return asked or by_name or "csv"
        assert isinstance(self.stream, io.BufferedReader)  # noqa: S101 - both are made below
        head = self.stream.peek(1).removeprefix(b"\xef\xbb\xbf").lstrip()
        return "jsonl" if head.startswith(b"{") else "csv"


@contextmanager
def opened(file: str, standard_input: BinaryIO) -> Iterator[Source]:
    """`-` is standard input. Raises CannotRead, never with the file's content in it."""
    if file == "-":
        yield Source(_buffered(standard_input), None, None, ())
        return
    path = Path(file)
    try:
        stream = path.open("rb", buffering=_BUFFER)
    except OSError as error:
        raise CannotRead(f"{file} cannot be read ({type(error).__name__})") from None
    with stream:
        status = os.fstat(stream.fileno())
        if stat.S_ISREG(status.st_mode):
            yield Source(stream, path, status.st_size, _state(status))
        else:
            yield Source(stream, None, None, ())


def _buffered(stream: BinaryIO) -> BinaryIO:
    """So that one can look at its first byte without taking it."""
    if isinstance(stream, io.BufferedReader):
        return stream
    return io.BufferedReader(stream, _BUFFER)  # type: ignore[type-var]


def _state(status: os.stat_result) -> tuple[int, ...]:
    return status.st_size, status.st_mtime_ns, status.st_ino
