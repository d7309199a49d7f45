"""Whether a request comes from whom it says: a bearer token, or the same as the password of Basic."""

import binascii
import hmac
from base64 import b64decode


def is_signed_in(authorization: str, secret: str) -> bool:
    """In constant time for a given length. The user name of Basic says nothing that the address does not."""
    scheme, _, given = authorization.partition(" ")
    presented = given.strip().encode("utf-8", "replace")
    if scheme.lower() == "basic":
        try:
            presented = b64decode(presented, validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            presented = b""
    elif scheme.lower() != "bearer":
        presented = b""
    return hmac.compare_digest(presented, secret.encode())
