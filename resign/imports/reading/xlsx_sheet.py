"""The cells of a sheet, row by row: nothing of it is held but the row that is being read.

The library keeps every element that it has seen, and fills the rows that a sheet leaves out: two rows a million apart
would be a million rows. So it is given one row at a time, and works out what its cells show.
"""

from collections.abc import Iterator
from typing import IO, Any
from xml.etree.ElementTree import Element, TreeBuilder

from defusedxml.ElementTree import DefusedXMLParser, iterparse
from openpyxl.worksheet._reader import WorkSheetParser

from resign.imports.reading.shape import DEEPEST, TooLong

# A sheet has no more; a file may say that it has.
_MOST_ROWS = 1_048_576
# The widest row there can be, all of it empty and coloured, has half as many bytes.
_MOST_BETWEEN_ROWS = 2 * 1024 * 1024
_BLOCK = 64 * 1024


def cells_of(book: Any, sheet: Any, width: int) -> Iterator[tuple[int, list[object]]]:  # noqa: ANN401 - more of the library's own than its types tell
    """The number of each row, and what its first cells hold. Raises TooLong, and whatever the library stumbles over."""
    reached = 0
    with sheet._get_source() as source:  # noqa: SLF001 - there is no other way to a part
        parser: Any = WorkSheetParser(
            source, sheet._shared_strings, data_only=True, epoch=book.epoch,  # noqa: SLF001 - as above
            date_formats=book._date_formats, timedelta_formats=book._timedelta_formats,  # noqa: SLF001
        )  # fmt: skip
        for element in _row_elements(_Part(source)):
            number, cells = parser.parse_row(element)
            parser.row_dimensions.clear()
            if number > _MOST_ROWS:
                return
            if number <= reached:
                continue
            reached = number
            row: list[object] = [None] * width
            for cell in cells:
                if 1 <= cell["column"] <= width:
                    row[cell["column"] - 1] = cell["value"]
            yield number, row


class _Part:
    """Raises TooLong where more is read than the widest row has since the last one."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._read = 0

    def new_row(self) -> None:
        self._read = 0

    def read(self, size: int = _BLOCK, /) -> bytes:
        if self._read > _MOST_BETWEEN_ROWS:
            raise TooLong
        block = self._source.read(size)
        self._read += len(block)
        return block


def _row_elements(part: _Part) -> Iterator[Element]:
    """What follows the rows is not looked at."""
    within: list[Element] = []
    rows = 0
    parser = DefusedXMLParser(target=TreeBuilder(), forbid_dtd=True)
    for event, element in iterparse(part, ("start", "end"), parser):
        name = element.tag.rpartition("}")[2]
        if event == "start":
            within.append(element)
            rows += name == "row"
            if len(within) > DEEPEST:
                raise TooLong
            continue
        within.pop()
        if name == "sheetData":
            return
        if name == "row":
            rows -= 1
            part.new_row()
            yield element
        if not rows:
            element.clear()
            if within:
                within[-1].remove(element)
