"""A theme's files in a folder, for those who keep them with git."""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from resign.themes.archive import MOST_BYTES, MOST_FILES
from resign.themes.fault import BadTheme, Fault


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
        with entry.open("rb") as file:
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
            mode = entry.lstat().st_mode
            if stat.S_ISDIR(mode):
                continue
            # A link could lead to any file of this machine, whose content would then be shown in a preview.
            if not stat.S_ISREG(mode):
                raise BadTheme(
                    [
                        Fault(
                            where=path,
                            what="it is a link, or no plain file",
                            remedy="Put the file itself here.",
                        )
                    ]
                )
            yield path, entry


def _unreadable(error: OSError) -> None:
    raise BadTheme(
        [Fault(where=str(error.filename), what="it cannot be opened", remedy="Let this user read it.")]
    ) from error
