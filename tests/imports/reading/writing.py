"""Files for the tests, written as other programs write them, and some as nobody should."""

import gzip
import io
import zipfile
from pathlib import Path

import openpyxl

from resign.imports.reading import Reject, Row, Shape, read, recognise


def written(folder: Path, content: str | bytes, name: str = "file", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def packed(folder: Path, content: bytes) -> Path:
    return written(folder, gzip.compress(content), "file.gz")


def workbook(folder: Path, sheets: dict[str, list[list[object]]], hidden: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.sheet_state = "hidden" if title in hidden else "visible"
        for row in rows:
            sheet.append(row)
    path = folder / "file.xlsx"
    book.save(path)
    return path


def with_part(path: Path, name: str, change) -> Path:
    """The same zip, with the bytes of one part changed."""
    parts = zipfile.ZipFile(path)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as changed:
        for part in parts.namelist():
            content = parts.read(part)
            changed.writestr(part, change(content) if part == name else content)
    path.write_bytes(out.getvalue())
    return path


def rows_of(path: Path, after: int = 0, **said: str) -> tuple[Shape, list[tuple]]:
    """The shape, and of each row its number with its values, or with why it is refused."""
    shape = recognise(path, **said)
    return shape, [told(each) for each in read(path, shape, after=after)]


def told(each: Row | Reject) -> tuple:
    return (each.number, each.reason) if isinstance(each, Reject) else (each.number, *each.values.values())
