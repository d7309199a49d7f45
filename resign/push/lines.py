"""The lines of a file as bytes come, however long, and where in the file each of them ends."""

from typing import BinaryIO, NamedTuple

# A row of an export has a few hundred bytes. Python's csv refuses a field of more than this by itself.
LONGEST = 128 << 10
_CHUNK = 1 << 20
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OTHER_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")

TOO_LONG = f"the line is longer than {LONGEST >> 10} KiB"
NOT_UTF_8 = "the line is not UTF-8; save the file as UTF-8 and take the row from there"


class CannotRead(Exception):
    """The whole file cannot be read as what it was said to be; the message is for the person who gave it."""


class Line(NamedTuple):
    """`number` counts from 1, `end` is the offset behind the line. `fault` says why `text` is not the line's own."""

    number: int
    end: int
    text: str
    fault: str | None


class Lines:
    """Reads one line at a time. Of a line that is too long nothing is kept, so that memory stays flat.

    A line ends with LF or CRLF, and keeps its end. Bytes that are not UTF-8 stand as U+FFFD in `text`.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._number = 0
        self._end = 0

    def next(self) -> Line | None:
        """None at the end of the file; raises CannotRead for UTF-16 and UTF-32."""
        raw = self._stream.readline(LONGEST + 1)
        if not raw:
            return None
        self._number += 1
        self._end += len(raw)
        if self._number == 1:
            raw = _without_mark(raw)
        if len(raw) > LONGEST and not raw.endswith(b"\n"):
            self._skip_to_the_end_of_the_line()
            return Line(self._number, self._end, "", TOO_LONG)
        try:
            return Line(self._number, self._end, raw.decode(), None)
        except UnicodeDecodeError:
            return Line(self._number, self._end, raw.decode(errors="replace"), NOT_UTF_8)

    def go_to(self, end: int, number: int) -> None:
        """Goes on behind a line that ended at `end` and was the one with this number. Only where one can seek."""
        self._stream.seek(end)
        self._end, self._number = end, number

    def _skip_to_the_end_of_the_line(self) -> None:
        while more := self._stream.readline(_CHUNK):
            self._end += len(more)
            if more.endswith(b"\n"):
                return


def _without_mark(raw: bytes) -> bytes:
    if raw.startswith(_OTHER_MARKS):
        raise CannotRead("the file is UTF-16 or UTF-32; save it as UTF-8")
    return raw.removeprefix(_BYTE_ORDER_MARK)
