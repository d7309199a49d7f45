"""The file of rejects: number, reason and cells of each row that was not taken in, to be mended and brought again."""

import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from resign.imports.reasons import words

# What makes a spreadsheet take a text for a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_MOST_OF_A_CELL = 1_000
NUMBER, CODE, WHY = "resign_row", "resign_reason", "resign_why"


def write(
    path: Path,
    size: int,
    columns: Sequence[str],
    rejects: Iterable[tuple[int, str, Mapping[str, str]]],
) -> int:
    """Puts them behind the first `size` bytes, whatever stood there; on the disk when it returns. The new size.

    Only its owner may read it: it holds addresses in clear.
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    if not size:
        rows.writerow((NUMBER, CODE, WHY, *map(_neutral, columns)))
    for number, code, values in rejects:
        rows.writerow((number, code, words(code), *(_neutral(values.get(name, "")) for name in columns)))
    content = text.getvalue().encode(errors="replace")
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b") as file:
        file.truncate(size)
        file.seek(size)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return size + len(content)


def _neutral(cell: str) -> str:
    text = cell[:_MOST_OF_A_CELL]
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
