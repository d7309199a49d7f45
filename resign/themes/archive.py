"""A theme's files as one zip archive: how the database keeps them, and how they travel."""

import io
import stat
import zipfile
import zlib
from collections.abc import Mapping

from resign.themes.fault import BadTheme, Fault

MOST_BYTES = 2 * 1024 * 1024
MOST_FILES = 200
_NAME = "the archive"
_ENCRYPTED = 0x1


def packed(files: Mapping[str, bytes]) -> bytes:
    """Not compressed: so the same files give the same bytes with every release of zlib."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as opened:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            opened.writestr(entry, files[path])
    return archive.getvalue()


def unpacked(archive: bytes) -> dict[str, bytes]:
    """BadTheme for what is no archive, or holds what no theme holds. What an entry says of its size is not believed."""
    if len(archive) > 2 * MOST_BYTES:
        raise _bad("it is too large", "A theme is at most 2 MB.")
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            return _files(opened)
    # RuntimeError and NotImplementedError are zipfile's words for a password and for a method it does not know.
    except (
        zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, OverflowError, MemoryError
    ) as error:  # fmt: skip
        raise _bad("it cannot be read", "Pack the theme's files as a plain zip archive.") from error


def _files(opened: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [entry for entry in opened.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        raise _bad(f"it holds {len(entries)} files", f"A theme has at most {MOST_FILES}.")
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise _bad("it unfolds to too much", "A theme is at most 2 MB.")
    files: dict[str, bytes] = {}
    room = MOST_BYTES
    for entry in entries:
        if stat.S_ISLNK(entry.external_attr >> 16) or entry.flag_bits & _ENCRYPTED:
            raise _bad("it holds a link, or a file with a password", "Pack plain files only.")
        if entry.filename in files:
            raise _bad("it holds one file twice", "Pack each file once.")
        with opened.open(entry) as file:
            content = file.read(room + 1)
        if len(content) > room:
            raise _bad("it unfolds to too much", "A theme is at most 2 MB.")
        room -= len(content)
        files[entry.filename] = content
    return files


def _bad(what: str, remedy: str) -> BadTheme:
    return BadTheme([Fault(where=_NAME, what=what, remedy=remedy)])
