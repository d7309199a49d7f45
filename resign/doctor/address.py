"""What an address is as far as its text shows: a link of ours, one inside another, or one without its token."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from resign.doctor.shown import shown

# Synerise's click tracking in its three regions (hub.synerise.com, Inserts, Email); a company may have its own host.
TRACKERS = frozenset({"link.snrs.it", "link.azu.snrs.it", "link.geb.snrs.it"})
MOST_CHARACTERS = 4_000
_LONGEST_HOST = 253
_MOST_WRAPPINGS = 3
_MOST_FIELDS = 50
_INSIDE = re.compile(r"https?://\S+", re.IGNORECASE)
_SLASHES = re.compile("/{2,}")
_BARE_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")

Form = Literal["token", "template", "form", "insert", "elsewhere", "none"]


@dataclass(frozen=True, slots=True)
class Address:
    """`token` is what stands behind `/u/`; `e` and `sig` are those of a link that a template signed."""

    form: Form
    scheme: str = ""
    host: str = ""
    origin: str = ""
    before: str = ""
    token: str = ""
    e: str = ""
    sig: str = ""
    added: tuple[str, ...] = ()

    @property
    def is_tracker(self) -> bool:
        return self.host in TRACKERS or self.host.endswith(".snrs.it")


def read(text: str) -> Address:
    """Never raises: what cannot be read is of the form `none`."""
    text = text.strip()[:MOST_CHARACTERS]
    if "{{" in text or "{%" in text or "%7B%7B" in text.upper():
        return Address("insert")
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower()
        port = parts.port
    except ValueError:
        return Address("none")
    if not parts.scheme or not host:
        return Address("token" if _BARE_TOKEN.fullmatch(text) else "none", token=text)
    if not host.isprintable() or len(host) > _LONGEST_HOST:
        return Address("none")
    origin = f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")
    return _of(parts, host, origin)


def _of(parts: SplitResult, host: str, origin: str) -> Address:
    fields = _fields(parts.query)
    added = tuple(sorted({shown(name) for name in fields if name.startswith(("utm_", "snrs_"))}))
    path = _SLASHES.sub("/", parts.path)
    before, is_ours, behind = path.partition("/u/") if "/u/" in path else path.partition("/u")
    if not is_ours or (is_ours == "/u" and behind):
        return Address("elsewhere", parts.scheme, host, origin)
    token = unquote(behind).split("/")[0]
    form: Form = "token" if token else "template" if {"e", "sig"} & fields.keys() else "form"
    return Address(
        form, parts.scheme, host, origin, before, token, fields.get("e", ""), fields.get("sig", ""), added
    )


def unwrapped(text: str, base_url: str) -> tuple[list[Address], str]:
    """Those that an address leads through first, outermost first, and the address of ours that stands inside.

    Only what the text shows: a tracker that keeps its target to itself leads nowhere that can be seen from here.
    """
    through: list[Address] = []
    for _ in range(_MOST_WRAPPINGS):
        address = read(text)
        inside = next(_within(text, base_url), None)
        if inside is None or address.origin == base_url:
            break
        through.append(address)
        text = inside
    return through, text


def _within(text: str, base_url: str) -> Iterator[str]:
    """Addresses that stand in the query or the path of another, ours or on their way to ours."""
    try:
        parts = urlsplit(text[:MOST_CHARACTERS])
    except ValueError:
        return
    host = base_url.partition("://")[2].lower()
    for value in [*_fields(parts.query).values(), unquote(parts.path), unquote(parts.fragment)]:
        found = _INSIDE.search(value)
        if found and host in unquote(unquote(found[0])).lower():
            yield found[0]


def _fields(query: str) -> dict[str, str]:
    try:
        return dict(reversed(parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_FIELDS)))
    except ValueError:
        return {}
