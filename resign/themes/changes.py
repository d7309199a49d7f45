"""What is different between two themes, file by file, as a person reads it."""

import difflib
from dataclasses import dataclass
from typing import Literal

from resign.themes.source import ThemeSource

Kind = Literal["added", "removed", "changed"]
# A line longer than this is cut in a difference: nobody reads it, and one file could be a single line.
_LONGEST_LINE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One file. `lines` is a unified diff without line ends; empty for what is no text, which `sizes` tell apart.

    `sizes`: bytes before and after, None where the file is not there.
    """

    path: str
    kind: Kind
    sizes: tuple[int | None, int | None]
    lines: tuple[str, ...]


def changes(old: ThemeSource, new: ThemeSource) -> list[Change]:
    """By path; nothing for files that are the same to the byte."""
    return [
        _change(path, old.files.get(path), new.files.get(path))
        for path in sorted({*old.files, *new.files})
        if old.files.get(path) != new.files.get(path)
    ]


def _change(path: str, before: bytes | None, after: bytes | None) -> Change:
    kind: Kind = "added" if before is None else "removed" if after is None else "changed"
    sizes = (None if before is None else len(before), None if after is None else len(after))
    texts = (_lines(before), _lines(after))
    if texts[0] is None or texts[1] is None:
        return Change(path=path, kind=kind, sizes=sizes, lines=())
    difference = difflib.unified_diff(texts[0], texts[1], f"old/{path}", f"new/{path}", lineterm="")
    return Change(path=path, kind=kind, sizes=sizes, lines=tuple(difference))


def _lines(content: bytes | None) -> list[str] | None:
    """None for what is no text. Signs that would steer a terminal are shown as what they are not."""
    if content is None:
        return []
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    if "\0" in text:
        return None
    return ["".join(map(_harmless, line[:_LONGEST_LINE])) for line in text.splitlines()]


def _harmless(sign: str) -> str:
    return sign if sign == "\t" or sign.isprintable() else "\ufffd"
