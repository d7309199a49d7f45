"""Issues the log-in tokens: real RS512 JWTs, as Synerise's docs describe them, that expire."""

import base64
import functools
import json
import uuid
from typing import Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

# Enough for every test and demo; the oldest is then answered like a stranger's token.
_REMEMBERED = 10_000


class Tokens:
    """Checks by memory, not by signature: it is one dictionary look-up on the busiest path.

    The price: a token from before a restart is unknown, and is refused as invalid, not as expired.
    Not locked by itself: single dictionary operations only.
    """

    def __init__(self) -> None:
        self._expiry: dict[str, float] = {}

    def issue(self, now: float, lifetime: float, audience: str) -> str:
        expires = int(now + lifetime)
        claims = {"aud": audience, "sub": audience, "iat": int(now), "exp": expires, "jti": str(uuid.uuid4())}
        token = _signed(claims)
        self._expiry[token] = expires
        while len(self._expiry) > _REMEMBERED:
            self._expiry.pop(next(iter(self._expiry)), None)
        return token

    def verdict(self, token: str, now: float) -> Literal["good", "expired", "unknown"]:
        expires = self._expiry.get(token)
        if expires is None:
            return "unknown"
        return "good" if now < expires else "expired"

    def expire_all(self) -> None:
        self._expiry = dict.fromkeys(self._expiry, 0.0)


def _signed(claims: dict[str, object]) -> str:
    header = {"alg": "RS512", "typ": "JWT"}
    message = b".".join(
        _base64url(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims)
    )
    signature = _private_key().sign(message, padding.PKCS1v15(), hashes.SHA512())
    return (message + b"." + _base64url(signature)).decode()


@functools.cache
def _private_key() -> rsa.RSAPrivateKey:
    """One key per process, made at the first log-in; it signs tokens that open nothing but this sandbox."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _base64url(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")
