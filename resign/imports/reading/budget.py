"""The bytes of a file for a parser that gives rows: it is stopped where one row goes on for too long."""

import codecs
import io
from typing import Self

from resign.imports.reading.encodings import known
from resign.imports.reading.opening import Source, buffered
from resign.imports.reading.shape import LONGEST_ROW, TooLong

BLOCK = 16 * 1024


class Budget:
    """A file to parsers: `read` raises TooLong where more was read than a row may have since the last `new_row`."""

    def __init__(self, source: Source, *, decode: str = "") -> None:
        """`decode` names the encoding of text that is to be handed on as UTF-8; "" hands on the bytes as they are."""
        self._source = source
        self._bytes = buffered(source)
        self._text: io.TextIOWrapper | None = None
        if decode and codecs.lookup(known(decode)).name != "utf-8":
            self._text = io.TextIOWrapper(self._bytes, decode, errors="replace", newline="")
        self._read = 0

    @property
    def is_cut(self) -> bool:
        return self._source.is_cut

    def new_row(self) -> None:
        self._read = 0

    def read(self, size: int = BLOCK) -> bytes:
        if self._read > LONGEST_ROW:
            raise TooLong
        block = self._text.read(size).encode("utf-8") if self._text else self._bytes.read(size)
        self._read += len(block)
        return block

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        (self._text or self._bytes).close()
