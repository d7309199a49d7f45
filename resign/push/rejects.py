"""The file of rows that were not pushed: line, reason, and whom the row named, to be mended and pushed again."""

import csv
import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from resign.profile import Kind

HEADER = ("line", "reason", "email", "customId", "clientId")
# Spreadsheets take a cell that begins with one of these for a formula (OWASP ASVS 1.2.10).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MOST_CHARACTERS = 1_000


class Reject(NamedTuple):
    line: int
    reason: str
    given: Mapping[Kind, str]


class Rejects:
    """Only its owner may read it: it holds addresses in clear. It is made with the first row that goes into it."""

    def __init__(self, path: Path, size: int = 0) -> None:
        """`size` is how much of the file counts: what stands behind was written by a push that was killed."""
        self.path = path
        self.size = 0
        if size and path.exists():
            if path.stat().st_size > size:
                os.truncate(path, size)
            self.size = path.stat().st_size
        else:
            path.unlink(missing_ok=True)

    def add(self, rejects: Iterable[Reject]) -> None:
        """On the disk when it returns."""
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\r\n")
        if not self.size:
            rows.writerow(HEADER)
        rows.writerows(
            (reject.line, reject.reason, *(neutral(reject.given.get(kind, "")) for kind in _KINDS))
            for reject in rejects
        )
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            self.size += file.write(text.getvalue().encode(errors="replace"))
            file.flush()
            os.fsync(file.fileno())


def neutral(cell: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    text = cell[:_MOST_CHARACTERS]
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain(cell: str) -> str:
    """The text before it was made neutral."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell


_KINDS: tuple[Kind, ...] = ("email", "customId", "clientId")
