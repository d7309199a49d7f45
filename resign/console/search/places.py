"""Where a search stands in an address line: filters in clear, anything that may name a person sealed.

An address line ends in proxies' logs, in the browser's history and in bookmarks. So the box is sent in a form's body,
and its answer leads to an address in which only filters can be read (`?q=campaign:spring`). Whatever else was typed is
sealed into it (`?s=…`), for whoever typed it and for half a day. Back, reload and paging work as everywhere.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from flask import request, url_for

from resign.console.access import who
from resign.console.desk import desk
from resign.search.parse import MOST_CHARACTERS, cleaned, parse
from resign.search.query import Query

# More of what was typed is not looked at, whatever it is.
_MOST_LOOKED_AT = 65_536
_HOLDS_SECONDS = 12 * 60 * 60
_TELL_NOTHING = {"no-value", "bad-date", "short"}


@dataclass(frozen=True, slots=True)
class Asked:
    """`text` as it was typed. `lost`: it was sealed for somebody else, or too long ago, or never."""

    text: str
    query: Query
    lost: bool = False

    @property
    def place(self) -> dict[str, str]:
        """What stands in the address: of an empty search nothing."""
        if not self.query_text:
            return {}
        if names_nobody(self.text, self.query):
            return {"q": self.query_text}
        return {"s": _sealed(self.query_text)}

    @property
    def query_text(self) -> str:
        return self.text.strip()


def asked(text: str) -> Asked:
    """One letter more than is read is kept, so that it is said that there were more."""
    kept = cleaned(text[:_MOST_LOOKED_AT])[: MOST_CHARACTERS + 1]
    return Asked(kept, parse(kept))


def asked_in_the_address() -> Asked:
    sealed = request.args.get("s")
    if sealed is None:
        return asked(request.args.get("q", ""))
    text = _opened(sealed)
    return asked(text) if text is not None else Asked("", parse(""), lost=True)


def address(of: Asked, **more: str) -> str:
    values: dict[str, Any] = {**of.place, **more}
    return url_for("searching.search", **values)


def names_nobody(text: str, query: Query) -> bool:
    """Whether it was understood as filters alone, and no value of theirs looks like an address."""
    somebody = query.words or query.profiles or (query.reference and not query.surely)
    return not somebody and "@" not in text and all(each.code in _TELL_NOTHING for each in query.notes)


def _sealed(text: str) -> str:
    return _seal().encrypt_at_time(f"{who().name}\n{text}".encode(), _seconds(desk().clock.now())).decode()


def _opened(sealed: str) -> str | None:
    try:
        opened = _seal().decrypt_at_time(sealed.encode("ascii"), _HOLDS_SECONDS, _seconds(desk().clock.now()))
    except (InvalidToken, ValueError):
        return None
    name, _, text = opened.decode().partition("\n")
    return text if name == who().name else None


def _seal() -> Fernet:
    key = hmac.digest(desk().secret, b"searches in an address", hashlib.sha256)
    return Fernet(base64.urlsafe_b64encode(key))


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
