"""Signs a post as Standard Webhooks says, so that its receiver knows who it was.

By hand: the scheme is one HMAC (standardwebhooks.com, "Signature scheme"), and its library brings an HTTP client's
worth of dependencies along for it. The tests verify by that library.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence

_PREFIX = "whsec_"


def key_of(secret: str) -> bytes:
    """The bytes of `whsec_` and base64."""
    return base64.b64decode(secret.removeprefix(_PREFIX))


def signed(keys: Sequence[bytes], number: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers. Each key signs, so that a receiver may know the old one or the new one while it changes."""
    content = f"{number}.{timestamp}.".encode() + body
    signatures = (hmac.new(key, content, hashlib.sha256).digest() for key in keys)
    return {
        "webhook-id": number,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{base64.b64encode(each).decode()}" for each in signatures),
    }
