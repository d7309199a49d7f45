"""The files of imports: one folder each under the data directory, for nobody's eyes but resign's."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from resign.ids import new_id

_BUFFER = 1 << 20
# By its name a file says what it is; any other ending says nothing.
_ENDINGS = {".csv", ".tsv", ".txt", ".xml", ".json", ".jsonl", ".ndjson", ".xlsx"}
_MOST_LETTERS = 200


class TooLarge(Exception):
    """The file has more bytes than whoever takes it in allows."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was taken in: the id of the import that it becomes, its own name, and what it holds."""

    id: UUID
    name: str
    path: Path
    sha256: str
    size: int


class Shelf:
    """`data_dir` is the setting's. Each import is in reach only of the machine on which it was begun."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / "imports"

    def keep(self, name: str, content: BinaryIO, most: int | None = None) -> Kept:
        """Copies a file in, and gives the import an id. Raises TooLarge for more than `most` bytes."""
        batch = new_id()
        folder = self.folder / str(batch)
        folder.mkdir(parents=True, mode=0o700)
        path = folder / f"file{_ending(name)}"
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                sha256, size = _copied(content, file, most)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return Kept(batch, _shown(name), path, sha256, size)

    def file(self, batch: UUID) -> Path | None:
        """None where it is on another machine, or is kept no longer."""
        return next((self.folder / str(batch)).glob("file*"), None)

    def rejects(self, batch: UUID) -> Path:
        """The file of rejects; it is there only where there are any, and for 30 days."""
        return self.folder / str(batch) / "rejects.csv"

    def scratch(self, batch: UUID) -> Path:
        """What a dry run keeps while it runs."""
        return self.folder / str(batch) / "scratch.db"

    def let_go(self, batch: UUID) -> None:
        """Of the file; the rejects stay."""
        for path in (self.file(batch), self.scratch(batch)):
            if path is not None:
                path.unlink(missing_ok=True)

    def throw_away(self, batch: UUID) -> None:
        shutil.rmtree(self.folder / str(batch), ignore_errors=True)


def _copied(content: BinaryIO, file: BinaryIO, most: int | None) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while piece := content.read(_BUFFER):
        size += len(piece)
        if most is not None and size > most:
            raise TooLarge
        digest.update(piece)
        file.write(piece)
    return digest.hexdigest(), size


def _ending(name: str) -> str:
    ending = Path(name.replace("\x00", "")).suffix.lower()
    return ending if ending in _ENDINGS else ""


def _shown(name: str) -> str:
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in last if sign.isprintable() and not "\ud800" <= sign <= "\udfff")
    return kept[:_MOST_LETTERS] or "file"
