"""A theme's files in a folder, for those who keep them with git."""

import errno
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from resign.themes.archive import MOST_BYTES, MOST_FILES
from resign.themes.fault import BadTheme, Fault

# Of a link, and of a socket.
_NO_FILE = {errno.ELOOP, errno.EMLINK, errno.ENXIO, errno.EOPNOTSUPP}


def loaded(folder: Path) -> dict[str, bytes]:
    """BadTheme for links, for what is no plain file, and for too much. Hidden files and folders are left out."""
    if not folder.is_dir():
        raise BadTheme([Fault(where=str(folder), what="it is no folder", remedy="Name the theme's folder.")])
    files: dict[str, bytes] = {}
    room = MOST_BYTES
    for path, entry in _entries(folder):
        if len(files) == MOST_FILES:
            raise BadTheme(
                [
                    Fault(
                        where=path,
                        what="there are too many files",
                        remedy=f"A theme has at most {MOST_FILES}.",
                    )
                ]
            )
        with _opened(path, entry) as file:
            content = file.read(room + 1)
        room -= len(content)
        if room < 0:
            raise BadTheme([Fault(where=path, what="there is too much", remedy="A theme is at most 2 MB.")])
        files[path] = content
    return files


def saved(files: Mapping[str, bytes], folder: Path) -> None:
    """Files of the folder that the theme has not got stay where they are."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _entries(folder: Path) -> Iterator[tuple[str, Path]]:
    for place, folders, names in os.walk(folder, onerror=_unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted([*folders, *names]):
            if name.startswith("."):
                continue
            entry = Path(place, name)
            path = entry.relative_to(folder).as_posix()
            if not stat.S_ISDIR(entry.lstat().st_mode):
                yield path, entry


def _opened(path: str, entry: Path) -> BinaryIO:
    """A link could lead to any file of this machine, whose content would then be shown in a preview.

    What is opened is asked, not what stood there a moment before; and what is no file is not waited for.
    """
    try:
        number = os.open(entry, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in _NO_FILE:
            raise _no_file(path) from error
        raise
    file = os.fdopen(number, "rb")
    if not stat.S_ISREG(os.fstat(number).st_mode):
        file.close()
        raise _no_file(path)
    return file


def _no_file(path: str) -> BadTheme:
    what = "it is a link, or no plain file"
    return BadTheme([Fault(where=path, what=what, remedy="Put the file itself here.")])


def _unreadable(error: OSError) -> None:
    raise BadTheme(
        [Fault(where=str(error.filename), what="it cannot be opened", remedy="Let this user read it.")]
    ) from error
