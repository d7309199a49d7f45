"""A person as Synerise knows them: one identifier, checked, which can mask itself and be searched without being read."""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["email", "customId", "clientId"]
KINDS: tuple[Kind, ...] = get_args(Kind)

MOST_CHARACTERS = 254

# Synerise refuses these in identifiers (php-sdk, `Client.php`), and one of them can spoil a whole batch:
# line ends, the soft hyphen, variation selectors, NUL, and everything outside the Basic Multilingual Plane.
_FORBIDDEN = re.compile("[\r\n\u2028\u2029\u00ad\ufe00-\ufe0f\x00\U00010000-\U0010ffff\ud800-\udfff]")
# The shape Synerise accepts: atoms or a quoted string, ASCII domain labels, a last label of letters only,
# or an address literal. A punycode top-level domain does not match, there or here.
_ATOM = r"[^<>()\[\]\\.,;:\s@\"]+"
_EMAIL = re.compile(
    rf"(?:{_ATOM}(?:\.{_ATOM})*|\"[^\"\r\n]+\")@"
    r"(?:(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}|\[\d{1,3}(?:\.\d{1,3}){3}\])"
)
_CLIENT_ID_MOST = 2**63 - 1


class BadProfile(ValueError):
    """The identifier cannot name a Synerise profile. The message never quotes it."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One identifier of one profile.

    `value` keeps the letters' case: whether Synerise folds it is not documented, so it is told what it
    told us. `digest` folds it, so that search and suppression do not depend on that answer.
    """

    kind: Kind
    value: str

    @classmethod
    def of(cls, kind: str, value: str) -> "Profile":
        """A checked profile; blanks around the value are dropped (Synerise trims them since March 2026)."""
        text = unicodedata.normalize("NFC", value).strip()
        if kind not in KINDS:
            raise BadProfile("the kind of identifier is none of email, customId, clientId")
        if not text or len(text) > MOST_CHARACTERS:
            raise BadProfile(f"an identifier has 1 to {MOST_CHARACTERS} characters")
        if _FORBIDDEN.search(text):
            raise BadProfile("the identifier holds a character that Synerise refuses")
        if kind == "email" and not _EMAIL.fullmatch(text):
            raise BadProfile("this is not an e-mail address that Synerise accepts")
        if kind == "clientId" and not (text.isascii() and text.isdigit() and int(text) <= _CLIENT_ID_MOST):
            raise BadProfile("a clientId is a whole number")
        return cls(kind, text)

    @property
    def folded(self) -> str:
        """What makes two spellings one person: for addresses the letters' case does not count."""
        return self.value.lower() if self.kind == "email" else self.value

    def masked(self) -> str:
        """For people to recognise and for strangers not to learn: `a•••@example.com`."""
        if self.kind == "email":
            local, _, domain = self.value.rpartition("@")
            return f"{local[:1]}•••@{domain}"
        return f"•••{self.value[-2:]}" if len(self.value) > 4 else "•••"  # noqa: PLR2004 - four or fewer hide nothing

    def digest(self, key: bytes) -> str:
        """Keyed HMAC-SHA-256 of the folded identifier, cut to 128 bits, 32 hexadecimal digits."""
        return _digest(key, f"{self.kind}:{self.folded}")

    def subject(self, key: bytes) -> str:
        """The same over the exact identifier: what Synerise may hold as a profile of its own."""
        return _digest(key, f"={self.kind}:{self.value}")

    def __repr__(self) -> str:
        return f"Profile({self.kind}, {self.masked()})"


def _digest(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()[:32]
