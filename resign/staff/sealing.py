"""Seals what a second factor is made of, so that whoever reads the database, or a copy of it, has no codes.

The keys follow from the workspaces' digest keys, which never change and which nobody sees who has the database alone.
The first seals and all open: a workspace that is added takes nothing away. Where one is taken out of the settings, what
its key sealed opens no more, unless its person has signed in since: then it is sealed anew.
"""

import base64
import binascii
import logging
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

log = logging.getLogger(__name__)

_PURPOSE = b"resign/staff/second-factor"
_KEY_BYTES = 64
# Before there was a seal, secrets stood in the database as they are: base32, in which there is no dot.
_MARK = "s1."


def is_clear(column: InstrumentedAttribute[str | None]) -> ColumnElement[bool]:
    """Kept before there was a seal."""
    return column.is_not(None) & ~column.startswith(_MARK, autoescape=True)


class Seal:
    """`keys` are secrets of any length, at least one."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise ValueError("a seal needs a key")
        self._seals = [
            AESSIV(HKDF(SHA256(), _KEY_BYTES, salt=None, info=_PURPOSE).derive(key)) for key in keys
        ]

    def closed(self, secret: str, account: int) -> str:
        """At most 64 characters for a secret of 32 in base32. It opens for this account alone.

        The same every time, which tells nothing of 160 bits of chance (RFC 5297 §1.3.2); and one that was written to
        another account's row by hand is worth nothing there.
        """
        sealed = self._seals[0].encrypt(base64.b32decode(secret), [str(account).encode()])
        return _MARK + base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def opened(self, kept: str, account: int) -> str | None:
        """None where no key opens it. What was kept before there was a seal comes back as it is."""
        if not kept.startswith(_MARK):
            return kept
        text = kept.removeprefix(_MARK)
        try:
            sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except (binascii.Error, ValueError):
            sealed = b""
        for seal in self._seals:
            try:
                return base64.b32encode(seal.decrypt(sealed, [str(account).encode()])).decode()
            except (InvalidTag, ValueError):
                continue
        log.error(
            "A second factor opens with none of the keys; was a workspace taken out of the settings? "
            "Put it back, or let them take up another one",
            extra={"account": account},
        )
        return None
