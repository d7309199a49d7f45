"""One page in one language: its text with markers, known to the byte, and a person's values filled in."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import escape

from resign.themes.contexts import CONTEXTS, Context, PageName

# The digest cannot be part of what it is the digest of, so the text shows it as a marker too.
DIGEST = "page"
# A value's name; of a value for each agreement, the agreement's after a dot; of a choice among several, which one it is.
_MARKER = re.compile(r"\{\{([a-z_]+(?:\.[a-z0-9-]+(?:=[a-z]+)?)?)\}\}")
_CHECKED = re.compile(r' data-checked="(\{\{[^{}"]+\}\})"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Text and digest are what a decision records: they and the values give the same bytes for ever."""

    name: PageName
    language: str
    workspace: str | None
    theme: str
    csp: str
    text: str
    digest: str = field(init=False)
    _parts: tuple[bytes, ...] = field(init=False, repr=False)
    _slots: tuple[tuple[int, str], ...] = field(init=False, repr=False)
    _names: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        parts, slots = _split(self.text)
        object.__setattr__(self, "digest", digest_of(self.text))
        object.__setattr__(self, "_parts", parts)
        object.__setattr__(self, "_slots", slots)
        object.__setattr__(self, "_names", tuple({name for _, name in slots}))

    def fill(self, context: Context) -> bytes:
        """The page as it is sent. A value is only ever put in, never read for markers."""
        if type(context) is not CONTEXTS[self.name]:
            raise TypeError(f"{self.name} is filled with {CONTEXTS[self.name].__name__}")
        values = {name: _value(name, lambda field: getattr(context, field)) for name in self._names}
        return _joined(self._parts, self._slots, values)


def again(text: str, values: Mapping[str, object]) -> bytes:
    """A page's recorded text with the recorded values: the bytes that `fill` gave then."""
    parts, slots = _split(text)
    return _joined(parts, slots, {name: _value(name, values.__getitem__) for _, name in slots})


def unmarked(text: str) -> str:
    """Markers that stand for a whole attribute, freed from the attribute that carried them through the templates."""
    return _CHECKED.sub(r"\1", text)


def _value(name: str, read: Callable[[str], Any]) -> bytes:
    field, dot, key = name.partition(".")
    if not dot:
        return _escaped(read(field))
    key, equals, chosen = key.partition("=")
    held = read(field).get(key, "")
    if equals:
        return b" checked" if held == chosen else b""
    return _escaped(held)


def digest_of(text: str) -> str:
    """SHA-256 of the text with its markers, its first 16 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _split(text: str) -> tuple[tuple[bytes, ...], tuple[tuple[int, str], ...]]:
    """The text around its markers, and where which value goes; the digest is filled in already."""
    pieces = _MARKER.split(text.replace(f"{{{{{DIGEST}}}}}", digest_of(text)))
    slots = tuple((index, pieces[index]) for index in range(1, len(pieces), 2))
    return tuple(piece.encode() for piece in pieces), slots


def _joined(parts: tuple[bytes, ...], slots: tuple[tuple[int, str], ...], values: dict[str, bytes]) -> bytes:
    filled = list(parts)
    for index, name in slots:
        filled[index] = values[name]
    return b"".join(filled)


def _escaped(value: str) -> bytes:
    # A `str` made exact first: a value that calls itself safe markup is escaped all the same.
    return escape(str.__str__(value)).encode("utf-8", "replace")
