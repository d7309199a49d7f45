"""Which encoding a file is written in: its mark, or UTF-8 where all of it is, or the likeliest of the old ones."""

import codecs
import contextlib
from collections.abc import Iterable
from pathlib import Path

from charset_normalizer import from_bytes

from resign.imports.reading.opening import Source, buffered
from resign.imports.reading.shape import Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OLD = ["cp1250", "cp1252", "iso8859_2"]
_SPOKEN = {"cp1250": "windows-1250", "cp1252": "windows-1252", "iso8859_2": "iso-8859-2"}
_NO_ENCODINGS = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"}
_BLOCK = 256 * 1024
# A name with an accent stands somewhere in the first of these, or hardly anywhere.
_LOOKED_THROUGH = 256 * _BLOCK
_TELLING = 64 * 1024
# No letter of ISO 8859-2 stands here; in the encodings of Windows letters do.
_WINDOWS_ONLY = bytes(range(0x80, 0xA0))
# Where Polish letters stand in the one and in the other: ą ś ź Ą Ś Ź.
_POLISH_WINDOWS = b"\xb9\x9c\x9f\xa5\x8c\x8f"
_POLISH_ISO = b"\xb1\xb6\xbc\xa1\xa6\xac"


def encoding_of(path: Path) -> str:
    """A name that Python knows. Raises Unreadable where the file is no text."""
    with buffered(Source(path)) as stream:
        first = stream.read(_BLOCK)
        if (marked := _marked(first)) is not None:
            return marked
        if b"\0" in first[:4096]:
            return _wide(first[:4096])
        return _narrow(first, iter(lambda: stream.read(_BLOCK), b""))


def known(encoding: str) -> str:
    """The encoding that a person named; raises Unreadable where there is none of that name that makes text of bytes."""
    with contextlib.suppress(LookupError, ValueError):
        found = codecs.lookup(encoding)
        # `rot13` and `zip` are codecs too.
        if getattr(found, "_is_text_encoding", False) and found.name not in _NO_ENCODINGS:
            return encoding
    raise Unreadable("There is no encoding of that name.")


def _marked(first: bytes) -> str | None:
    return next((name for mark, name in _MARKS if first.startswith(mark)), None)


def _wide(first: bytes) -> str:
    """UTF-16 without a mark: every other byte of plain Latin text is nothing."""
    even, odd = first[::2].count(0), first[1::2].count(0)
    few = len(first) // 20
    if odd > len(first) // 4 and even <= few:
        return "utf-16-le"
    if even > len(first) // 4 and odd <= few:
        return "utf-16-be"
    if even + odd > few:
        raise Unreadable("The file is not text.")
    return "utf-8"


def _narrow(first: bytes, more: Iterable[bytes]) -> str:
    utf8 = codecs.getincrementaldecoder("utf-8")()
    is_utf8, telling, looked = True, b"", 0
    block = first
    blocks = iter(more)
    while block and looked < _LOOKED_THROUGH:
        looked += len(block)
        if not block.isascii():
            telling = (telling + _lines_that_tell(block))[:_TELLING]
        try:
            utf8.decode(block)
        except UnicodeDecodeError:
            is_utf8 = False
        if not is_utf8 and len(telling) >= _TELLING:
            break
        block = next(blocks, b"")
    return "utf-8" if is_utf8 else _likeliest(telling)


def _lines_that_tell(block: bytes) -> bytes:
    kept, size = [], 0
    for line in block.split(b"\n"):
        if not line.isascii():
            kept.append(line[:500])
            size += len(kept[-1])
            if size > _TELLING:
                break
    return b"\n".join(kept) + b"\n"


def _likeliest(telling: bytes) -> str:
    """Short lists of names say little, so the letters of Polish, which differ between two of them, are counted first."""
    windows = sum(telling.count(byte) for byte in _POLISH_WINDOWS)
    iso = sum(telling.count(byte) for byte in _POLISH_ISO)
    if iso > windows and not any(byte in telling for byte in _WINDOWS_ONLY):
        return _SPOKEN["iso8859_2"]
    best = from_bytes(telling, cp_isolation=_OLD, enable_fallback=False).best()
    if best is None:
        return _SPOKEN["cp1252"]
    if best.encoding == "iso8859_2" and any(byte in telling for byte in _WINDOWS_ONLY):
        return _SPOKEN["cp1250"]
    return _SPOKEN.get(best.encoding, best.encoding)
