"""A file on its way out: written to this machine's disk first, so that neither rows nor their number matter to memory."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from resign.db import Database
from resign.feeds.cells import Cells
from resign.feeds.formats import MEDIA, lines
from resign.feeds.rows import Wanted, rows
from resign.reports.figure import Cell
from resign.settings.destinations.file_to import FileFormat

_BUFFER = 1 << 18
_PIECES = 500


@dataclass(frozen=True, slots=True)
class Spooled:
    """`left_out` are rows that had no identifier to tell; `sha256` is of the content, in hexadecimal digits."""

    path: Path
    name: str
    media: str
    rows: int
    left_out: int
    bytes: int
    sha256: str


@contextmanager
def spooled(
    folder: Path,
    name: str,
    database: Database,
    wanted: Wanted,
    cells: Cells,
    form: FileFormat,
    alive: Callable[[], None],
) -> Iterator[Spooled]:
    """Gone again afterwards: trying again writes it anew, because somebody may have opted out meanwhile.

    `alive` is called now and then, and may raise. What a process that died has left in the folder is taken away.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in folder.iterdir():
        left.unlink(missing_ok=True)
    # People's addresses stand in it, so that it is for nobody else to read. Its name is its own: whoever was taken for
    # dead and is not must not find another's content in it.
    descriptor, made = tempfile.mkstemp(dir=folder)
    path = Path(made)
    counted = _Counted(database, wanted, cells, alive)
    sha256, size = hashlib.sha256(), 0
    try:
        with os.fdopen(descriptor, "wb", buffering=_BUFFER) as file:
            pieces = lines(cells.names, counted.rows(), form, cells.exact)
            while several := "".join(islice(pieces, _PIECES)):
                content = several.encode()
                file.write(content)
                sha256.update(content)
                size += len(content)
        yield Spooled(path, name, MEDIA[form], counted.told, counted.left_out, size, sha256.hexdigest())
    finally:
        path.unlink(missing_ok=True)


class _Counted:
    def __init__(self, database: Database, wanted: Wanted, cells: Cells, alive: Callable[[], None]) -> None:
        self._pages, self._cells, self._alive = rows(database, wanted), cells, alive
        self.told = self.left_out = 0

    def rows(self) -> Iterator[Sequence[Cell]]:
        for page in self._pages:
            self._alive()
            before = self.told
            for row in self._cells.of(page):
                self.told += 1
                yield row
            self.left_out += len(page) - (self.told - before)
