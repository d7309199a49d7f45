"""A body of lines, read piece by piece: however long it is, no more than a piece and a line are in memory."""

from collections.abc import Iterator
from typing import Protocol

MOST_IN_A_LINE = 16 * 1024
_PIECE = 64 * 1024


class CutShort(Exception):
    """The body ended before its declared length: whoever sent it is gone, or their way to us is."""


class Source(Protocol):
    """The server's own input: it blocks until so many bytes are there, or the end."""

    def read(self, size: int, /) -> bytes: ...


def lines_of(source: Source, declared: int | None) -> Iterator[bytes | None]:
    """Each line without its end; None for one that is too long, whose rest is passed over. Raises CutShort, OSError.

    What stands behind the last line end is a line too, if it is not empty.
    """
    held, passing = bytearray(), False
    for piece in _pieces(source, declared):
        *ended, rest = piece.split(b"\n")
        for each in ended:
            held += each
            yield None if passing or len(held) > MOST_IN_A_LINE else bytes(held)
            held.clear()
            passing = False
        held += rest
        if len(held) > MOST_IN_A_LINE:
            passing = True
            held.clear()
    if held or passing:
        yield None if passing else bytes(held)


def _pieces(source: Source, declared: int | None) -> Iterator[bytes]:
    left = declared
    while left is None or left > 0:
        piece = source.read(_PIECE if left is None else min(_PIECE, left))
        if not piece:
            if left is not None:
                raise CutShort
            return
        if left is not None:
            left -= len(piece)
        yield piece
