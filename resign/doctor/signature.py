"""DKIM signatures as far as their own text goes: which header fields each covers. None is verified, which needs DNS."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST_CHARACTERS = 16_000
# RFC 6376 §3.2: tag-name "=" tag-value, parted by semicolons, with blanks and folds allowed around each.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
BOTH = ("list-unsubscribe", "list-unsubscribe-post")


@dataclass(frozen=True, slots=True)
class Signature:
    """`signed` holds names in small letters, as often as `h=` has them; `is_partial` where `l=` leaves text out."""

    domain: str
    signed: tuple[str, ...]
    is_partial: bool

    def covers(self, name: str, times: int) -> bool:
        """A field that is there `times` times is covered whole when it is named as often or, oversigned, more often
        (RFC 6376 §5.4.2): fewer, and whoever adds one above the others decides what mail apps read.
        """
        return self.signed.count(name) >= max(1, times)


def read_signatures(values: Sequence[str]) -> list[Signature]:
    """Those that can be read; a broken one vouches for nothing."""
    return [signature for value in values[:10] if (signature := _read(value[:MOST_CHARACTERS]))]


def _read(value: str) -> Signature | None:
    tags: dict[str, str] = {}
    for part in value.split(";"):
        name, equals, content = part.partition("=")
        name = name.strip()
        if not equals and not name:
            continue
        if not equals or not _NAME.fullmatch(name) or name in tags:
            return None  # RFC 6376 §3.2: a tag given twice makes the whole list invalid
        tags[name] = re.sub(r"\s+", "", content)
    if not {"d", "h", "b", "bh"} <= tags.keys():
        return None
    signed = tuple(name.lower() for name in tags["h"].split(":") if name)
    return Signature(tags["d"].lower(), signed, "l" in tags)
