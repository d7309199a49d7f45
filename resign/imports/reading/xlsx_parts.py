"""Whether an xlsx may be opened: it is a zip, and what it says and holds is looked at before anything is built from it."""

import zipfile
import zlib
from pathlib import Path
from typing import IO

from resign.imports.reading.shape import Unreadable

_MIB = 1024 * 1024
_MOST_PARTS = 2000
_MOST_UNPACKED = 2048 * _MIB
# This part is held in memory whole.
_MOST_SHARED = 128 * _MIB
# A sheet of equal rows shrinks to a fiftieth.
_MOST_SHRUNK = 200
_BLOCK = _MIB


def check(path: Path) -> None:
    """Raises Unreadable for what is no workbook, or unpacks to more than anybody writes, or declares entities."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            _sizes(parts)
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    with packed.open(part) as stream:
                        _content(stream)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError):
        raise Unreadable("The file is no workbook, or is broken or encrypted.") from None


def _sizes(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise Unreadable("The workbook unpacks to more than is read; save it as CSV.")
    for part in parts:
        if part.file_size > 16 * _MIB and part.file_size > _MOST_SHRUNK * max(part.compress_size, 1):
            raise Unreadable(f"A part of the workbook grows to more than {_MOST_SHRUNK} times its size.")
        if part.filename.lower().endswith("sharedstrings.xml") and part.file_size > _MOST_SHARED:
            raise Unreadable("The workbook holds more text than is read at once; save it as CSV.")


def _content(stream: IO[bytes]) -> None:
    tail = b""
    while block := stream.read(_BLOCK):
        seen = tail + block
        if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen or b"\0" in block:
            raise Unreadable(
                "The workbook declares a document type or entities of its own, which are not read."
            )
        if len(block) == _BLOCK and b"<" not in block:
            raise Unreadable("A cell of the workbook is longer than any spreadsheet's.")
        tail = block[-16:]
