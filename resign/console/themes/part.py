"""What one tab of the editor changes: the same few questions are put to colours, texts, templates and the style."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from resign.themes.contexts import PageName
from resign.themes.source import ThemeSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One fault at one field, in the reader's language; `english` where it could not be said in it."""

    text: str
    line: int | None = None
    english: bool = False


Faults = dict[str, list[Said]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The theme with what was typed in it, as far as that can be; and what is wrong, by field."""

    source: ThemeSource
    faults: Faults = field(default_factory=dict)


class Part(Protocol):
    """`paths` are the files that it writes; a fault in one of them is a fault of what was typed here."""

    @property
    def paths(self) -> tuple[str, ...]: ...

    @property
    def field(self) -> str: ...

    @property
    def pages(self) -> Sequence[PageName]: ...

    def shown(self, source: ThemeSource) -> dict[str, str]:
        """By field what stands there now."""
        ...

    def labels(self, source: ThemeSource) -> dict[str, str]:
        """What people call each field, in the order of the page."""
        ...

    def sent(self, form: Mapping[str, str], files: Mapping[str, bytes]) -> dict[str, str]:
        """By field what came, comparable with what is shown; more may be in it."""
        ...

    def change(self, source: ThemeSource, typed: Mapping[str, str], files: Mapping[str, bytes]) -> Changed:
        """`typed` may hold only some of the fields; the others stay as they are."""
        ...


def with_text(source: ThemeSource, path: str, text: str) -> ThemeSource:
    """An empty file is none."""
    return source.with_file(path, text.encode("utf-8", "replace") if text.strip() else None)


def text_of(source: ThemeSource, path: str) -> str:
    return source.files.get(path, b"").decode("utf-8-sig", "replace").replace("\r\n", "\n")
