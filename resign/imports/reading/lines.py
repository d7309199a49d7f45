"""The lines of a text, none longer than a row may be, and what is no text in them marked."""

import codecs
import io
from types import TracebackType
from typing import Self

from resign.imports.reading.encodings import known
from resign.imports.reading.opening import Source, buffered
from resign.imports.reading.shape import LONGEST_ROW, Unreadable

# Bytes that are no text become this one; no text that was decoded can hold it.
NOT_TEXT = "\udc80"


def _mark(fault: UnicodeError) -> tuple[str, int]:
    assert isinstance(fault, UnicodeDecodeError)  # noqa: S101 - we only ever read
    return NOT_TEXT, fault.end


codecs.register_error("resign.imports.not-text", _mark)


class Lines:
    """`next_line` gives the next with its end, "" after the last. `is_cut` where the file is packed and ends too early."""

    def __init__(self, source: Source, encoding: str) -> None:
        self._source = source
        self._text = io.TextIOWrapper(
            buffered(source), known(encoding), errors="resign.imports.not-text", newline=""
        )

    @property
    def is_cut(self) -> bool:
        return self._source.is_cut

    def next_line(self) -> str:
        """Of a line that is longer than a row may be, LONGEST_ROW characters; then what follows them."""
        try:
            return self._text.readline(LONGEST_ROW)
        except UnicodeError:
            # UTF-16 and UTF-32 without the mark that they must begin with.
            raise Unreadable("The file is not in that encoding.") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._text.close()
