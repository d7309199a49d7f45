"""A theme as its author keeps it: files in a folder, or the same files in one archive."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Self

from resign import paths
from resign.themes import archive, folder, logo
from resign.themes.css import style_faults
from resign.themes.fault import BadTheme, Fault
from resign.themes.manifest import FILE, Manifest, manifest
from resign.themes.nearest import meant
from resign.themes.sender import MARKER_CLOSES, MARKER_OPENS, Sender
from resign.themes.templates import SHELL
from resign.themes.texts import texts

STYLE = "style.css"
_MOST_OF_A_FILE = 128 * 1024
_LETTERS_OF_A_LANGUAGE = 2
_PATH = re.compile(r"(?!\.)[A-Za-z0-9._-]{1,80}(?:/(?!\.)[A-Za-z0-9._-]{1,80}){0,3}")
_TEXTS = re.compile(r"texts/([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\.toml")
_UNFIT = re.compile(f"[{MARKER_OPENS}{MARKER_CLOSES}\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class ThemeSource:
    """`files`: relative path, with slashes, to content. What a folder, a draft or a published version holds.

    BadTheme for a path that leads elsewhere, for more than 200 files, and for more than 2 MB.
    """

    files: Mapping[str, bytes]

    def __post_init__(self) -> None:
        faults = [
            Fault(
                where=path[:100], what="no theme has a file of this name", remedy="Use letters, digits, . _ -"
            )
            for path in self.files
            if not _PATH.fullmatch(path)
        ]
        size = sum(len(content) for content in self.files.values())
        if len(self.files) > archive.MOST_FILES or size > archive.MOST_BYTES:
            faults.append(
                Fault(
                    where="the theme", what="it is too large", remedy="A theme is at most 200 files and 2 MB."
                )
            )
        if faults:
            raise BadTheme(faults)
        object.__setattr__(self, "files", MappingProxyType(dict(sorted(self.files.items()))))

    @classmethod
    def from_folder(cls, place: Path) -> Self:
        """BadTheme where it holds links, too much, or too many files. Hidden files are left out."""
        return cls(folder.loaded(place))

    def to_folder(self, place: Path) -> None:
        """Files of the folder that the theme has not got stay where they are."""
        folder.saved(self.files, place)

    @classmethod
    def from_archive(cls, content: bytes) -> Self:
        """BadTheme for what is no archive of a theme, or one that would unfold to too much."""
        return cls(archive.unpacked(content))

    def to_archive(self) -> bytes:
        """The same files give the same bytes."""
        return archive.packed(self.files)

    @property
    def digest(self) -> str:
        """SHA-256 of all paths and contents, its first 16 hexadecimal digits."""
        digest = hashlib.sha256()
        for path, content in self.files.items():
            digest.update(f"{path}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()[:16]

    def with_file(self, path: str, content: bytes | None) -> Self:
        """The same but for one file; None takes it away."""
        files = {**self.files, path: content}
        return type(self)({path: content for path, content in files.items() if content is not None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A theme's files, read and checked. `texts` by language: English source text to the theme's own."""

    colours: Mapping[str, str]
    dark: Mapping[str, str]
    sender: Sender | None
    logo: bytes | None
    logo_alt: str
    style: str
    templates: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]


def read(source: ThemeSource) -> Theme:
    """BadTheme with every fault at once."""
    faults: list[Fault] = []
    words: dict[str, str] = {}
    said: dict[str, Mapping[str, str]] = {}
    head = manifest(_text(FILE, source.files[FILE], faults), faults) if FILE in source.files else Manifest()
    for path, content in source.files.items():
        if path in {FILE, head.logo}:
            continue
        if not _known(path):
            faults.append(_unknown(path, head))
            continue
        text = words[path] = _text(path, content, faults)
        if path == STYLE:
            faults += style_faults(text)
        elif language := _TEXTS.fullmatch(path):
            said[language[1]] = texts(path, text, faults)
    picture = _logo(source, head, faults)
    if faults:
        raise BadTheme(faults)
    return Theme(
        colours=head.colours,
        dark=head.dark,
        sender=head.sender,
        logo=picture,
        logo_alt=head.logo_alt,
        style=words.get(STYLE, ""),
        templates={
            path.removeprefix("templates/"): text
            for path, text in words.items()
            if path.startswith("templates/")
        },
        texts=said,
    )


def changeable() -> frozenset[str]:
    """The shipped templates that a theme may have one of its own for."""
    return frozenset(file.name for file in (paths.templates() / "public").glob("*.html")) - {SHELL}


def _known(path: str) -> bool:
    return (
        path == STYLE
        or _TEXTS.fullmatch(path) is not None
        or (path.startswith("templates/") and path.removeprefix("templates/") in changeable())
    )


def _unknown(path: str, head: Manifest) -> Fault:
    if path == f"templates/{SHELL}":
        remedy = "What is around every page stays as shipped. Change `layout.html`."
    elif path.lower().endswith((".png", ".jpg", ".jpeg", ".webp", ".svg", ".gif")):
        remedy = (
            f'Name it in theme.toml, above all tables: logo = "{path}"' if not head.logo else "Take it out."
        )
    else:
        remedy = _place_of(path)
    return Fault(where=path, what="a theme has no such file", remedy=remedy)


def _place_of(path: str) -> str:
    """By the file's own name first: more often its folder is wrong, or how it is written."""
    name = path.lower().rpartition("/")[2]
    known = {FILE, STYLE, "texts/en.toml", *(f"templates/{each}" for each in changeable())}
    language = name.partition(".")[0]
    if _TEXTS.fullmatch(in_texts := f"texts/{language}.toml") and len(language) == _LETTERS_OF_A_LANGUAGE:
        known.add(in_texts)
    same = [each for each in known if each.rpartition("/")[2] == name]
    return meant(same[0] if same else path, known)


def _text(path: str, content: bytes, faults: list[Fault]) -> str:
    if len(content) > _MOST_OF_A_FILE:
        faults.append(Fault(where=path, what="it is too long", remedy="A file of text is at most 128 kB."))
        return ""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        faults.append(Fault(where=path, what="it is not UTF-8", remedy="Save it as UTF-8.", line=line))
        return ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if unfit := _UNFIT.search(text):
        faults.append(
            Fault(
                where=path,
                what=f"it holds a character that no text has (U+{ord(unfit[0]):04X})",
                remedy="Take it out.",
                line=text.count("\n", 0, unfit.start()) + 1,
            )
        )
        return ""
    return text


def _logo(source: ThemeSource, head: Manifest, faults: list[Fault]) -> bytes | None:
    if not head.logo:
        return None
    if head.logo not in source.files:
        faults.append(
            Fault(
                where=FILE, what=f"the theme has no file `{head.logo}`", remedy="Add it, or take `logo` out."
            )
        )
        return None
    try:
        return logo.logo(source.files[head.logo])
    except logo.BadLogo as bad:
        faults.append(Fault(where=head.logo, what=bad.what, remedy=bad.remedy))
        return None
