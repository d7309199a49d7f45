"""What a proof's file is signed with: this installation can tell its own files from changed ones, and nobody else can.

The key follows from the workspace's digest key, which never changes. It is one secret for signing and for checking, so
to others the signature says no more than that we say so.
"""

import hashlib
import hmac
import re

_PURPOSE = b"resign/proof"
_LAST_LINE = re.compile(rb'  "signature": "hmac-sha256:[0-9a-f]{64}"\n}\n\Z')


class Signing:
    """Takes the file as it is written, and gives the line that ends it."""

    def __init__(self, digest_key: bytes) -> None:
        key = hmac.digest(digest_key, _PURPOSE, hashlib.sha256)
        self._signed = hmac.new(key, digestmod=hashlib.sha256)

    def update(self, piece: bytes) -> None:
        self._signed.update(piece)

    def line(self) -> bytes:
        return f'  "signature": "hmac-sha256:{self._signed.hexdigest()}"\n}}\n'.encode()


def is_ours(content: bytes, digest_key: bytes) -> bool:
    """Whether a file is byte for byte one that was written with this key."""
    end = _LAST_LINE.search(content)
    if end is None:
        return False
    signing = Signing(digest_key)
    signing.update(content[: end.start()])
    return hmac.compare_digest(signing.line(), end[0])
