"""The bytes of a file, unpacked where it is gzip, and no more of them than anybody would pack."""

import gzip
import io
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from resign.imports.reading.shape import Unreadable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

GZIP = b"\x1f\x8b"
# Lists of addresses shrink to a fifth or a tenth, and a very dull one to a fiftieth.
MOST_SHRUNK = 200
# A small file of equal rows may shrink as it likes.
ALWAYS_UNPACKED = 16 * 1024 * 1024
_BLOCK = 256 * 1024


class Source(io.RawIOBase):
    """A file to be read from its start to its end, once. `is_cut` where what was packed ends too early, or is broken."""

    def __init__(self, path: Path) -> None:
        try:
            self._packed = path.open("rb")
        except OSError:
            raise Unreadable("The file is not there, or may not be read.") from None
        self._plain: io.BufferedReader | gzip.GzipFile = self._packed
        self._is_gzip = self._packed.peek(2)[:2] == GZIP
        if self._is_gzip:
            self._plain = gzip.GzipFile(fileobj=self._packed)
        self._unpacked = 0
        self.is_cut = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer).cast("B")
        if self.is_cut:
            return 0
        try:
            block = self._plain.read1(len(view))
        except (EOFError, gzip.BadGzipFile, zlib.error):
            self.is_cut = True
            return 0
        if self._is_gzip:
            self._count(len(block))
        view[: len(block)] = block
        return len(block)

    def _count(self, more: int) -> None:
        self._unpacked += more
        if self._unpacked > ALWAYS_UNPACKED and self._unpacked > MOST_SHRUNK * max(self._packed.tell(), 1):
            raise Unreadable(f"The packed file grows to more than {MOST_SHRUNK} times its size.")

    def close(self) -> None:
        if not self.closed:
            self._plain.close()
            self._packed.close()
        super().close()


def buffered(source: Source) -> io.BufferedReader:
    return io.BufferedReader(source, _BLOCK)


def beginning(path: Path, most: int) -> bytes:
    """Up to `most` bytes, unpacked."""
    with buffered(Source(path)) as stream:
        return stream.read(most)
