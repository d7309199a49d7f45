"""Whether an xlsx may be opened: it is a zip, and what it says and holds is looked at before anything is built from it."""

import zipfile
import zlib
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import fromstring

from resign.imports.reading.shape import Unreadable

_MIB = 1024 * 1024
_MOST_PARTS = 2000
_MOST_UNPACKED = 2048 * _MIB
# These parts are held in memory whole: the texts of all cells, of which each is an element, and all that is no sheet.
_MOST_SHARED = 128 * _MIB
_MOST_ELEMENTS = 16_000_000
_MOST_OF_ANOTHER = 16 * _MIB
_TYPES = "[Content_Types].xml"
_SHEET, _TEXTS = {"worksheet+xml"}, {"sharedStrings+xml"}
_TOO_MUCH_TEXT = "The workbook holds more text than is read at once; save it as CSV."
# A sheet of equal rows shrinks to a fiftieth.
_MOST_SHRUNK = 200
_BLOCK = _MIB


def check(path: Path) -> None:
    """Raises Unreadable for what is no workbook, or unpacks to more than anybody writes, or declares entities."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            _sizes(parts)
            sheets, texts = _large(packed)
            for part in parts:
                if part.filename not in sheets | texts and part.file_size > _MOST_OF_ANOTHER:
                    raise Unreadable("A part of the workbook that is no sheet is too large; save it as CSV.")
                if part.filename in texts and part.file_size > _MOST_SHARED:
                    raise Unreadable(_TOO_MUCH_TEXT)
                if part.filename.lower().endswith((".xml", ".rels")):
                    with packed.open(part) as stream:
                        _content(stream, is_whole=part.filename not in sheets)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        RuntimeError,
        NotImplementedError,
        ValueError,
        ParseError,
    ):
        raise Unreadable("The file is no workbook, or is broken or encrypted.") from None


def _sizes(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise Unreadable("The workbook unpacks to more than is read; save it as CSV.")
    for part in parts:
        if part.file_size > 16 * _MIB and part.file_size > _MOST_SHRUNK * max(part.compress_size, 1):
            raise Unreadable(f"A part of the workbook grows to more than {_MOST_SHRUNK} times its size.")


def _large(packed: zipfile.ZipFile) -> tuple[set[str], set[str]]:
    """The parts that may be large: sheets, and the texts of all cells; by what the workbook itself says that they are.

    What is said to be two things, or is called otherwise than a sheet, is held to be no sheet: it might be read whole.
    """
    if _TYPES not in packed.namelist():
        raise zipfile.BadZipFile
    if packed.getinfo(_TYPES).file_size > _MIB:
        raise Unreadable("The workbook has more parts than are read; save it as CSV.")
    said: dict[str, set[str]] = {}
    for each in fromstring(packed.read(_TYPES), forbid_dtd=True):
        name = each.get("PartName", "").removeprefix("/")
        said.setdefault(name, set()).add(each.get("ContentType", "").rpartition(".")[2])
    sheets = {name for name, kinds in said.items() if kinds == _SHEET and name.startswith("xl/worksheets/")}
    return sheets, {name for name, kinds in said.items() if kinds == _TEXTS}


def _content(stream: IO[bytes], *, is_whole: bool) -> None:
    tail, elements = b"", 0
    while block := stream.read(_BLOCK):
        seen = tail + block
        elements += block.count(b"<")
        if is_whole and elements > _MOST_ELEMENTS:
            raise Unreadable(_TOO_MUCH_TEXT)
        if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen or b"\0" in block:
            raise Unreadable(
                "The workbook declares a document type or entities of its own, which are not read."
            )
        if len(block) == _BLOCK and b"<" not in block:
            raise Unreadable("A cell of the workbook is longer than any spreadsheet's.")
        tail = block[-16:]
