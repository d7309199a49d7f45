"""One link key: it seals so that nothing personal is readable, then signs, each with a key of its own purpose."""

import hashlib
import hmac
from base64 import urlsafe_b64decode
from binascii import b2a_base64

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from itsdangerous import BadSignature, Signer

from resign.links.link import BadLink

_SEAL_BYTES = 64
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class _Signer(Signer):
    """itsdangerous' own signature in its own form (HMAC-SHA-256 by a key derived with HMAC from secret and salt).

    The key is derived once, and the code is had in one call: left to itself the library derives the key and
    builds two objects for each token, which is more than half of what minting costs.
    """

    def __init__(self, secret: str, salt: str) -> None:
        super().__init__(secret, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256)
        self._key = super().derive_key()

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """There is one secret only, whichever is asked for."""
        del secret_key
        return self._key

    def get_signature(self, value: str | bytes) -> bytes:
        signed = value.encode() if isinstance(value, str) else value
        return _encoded(hmac.digest(self._key, signed, "sha256"))


class Key:
    """Seals and signs for one purpose of one workspace; a token for another fails here like any stranger's.

    AES-SIV (RFC 5297) is deterministic by design: minting again gives the same text, and no nonce can
    repeat by accident. What that gives away is that two equal tokens name the same person, which is the point.
    """

    def __init__(self, key_id: str, secret: str, *, purpose: str, workspace: str) -> None:
        self.key_id = key_id
        salt = f"resign.link.{purpose}/{workspace}"
        seal_key = HKDF(SHA256(), _SEAL_BYTES, salt=None, info=f"{salt}/seal".encode()).derive(
            secret.encode()
        )
        self._seal = AESSIV(seal_key)
        self._signer = _Signer(secret, salt)
        self._named = f"{key_id}.".encode()

    def close(self, claims: bytes) -> str:
        sealed = _encoded(self._seal.encrypt(claims, None))
        return self._signer.sign(self._named + sealed).decode()

    def open(self, token: str) -> bytes:
        try:
            _, _, sealed = self._signer.unsign(token).partition(b".")
            return self._seal.decrypt(urlsafe_b64decode(sealed + b"=" * (-len(sealed) % 4)), None)
        except (BadSignature, InvalidTag, ValueError):
            raise BadLink from None


def _encoded(raw: bytes) -> bytes:
    """base64url without padding (RFC 4648 §5), as `urlsafe_b64encode` writes it at twice the price."""
    return b2a_base64(raw, newline=False).translate(_URL_SAFE).rstrip(b"=")
