"""One link key: it seals so that nothing personal is readable, then signs, each with a key of its own purpose."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from itsdangerous import BadSignature, Signer

from resign.links.link import BadLink

_SEAL_BYTES = 64


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
        self._signer = Signer(secret, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256)

    def close(self, claims: bytes) -> str:
        sealed = urlsafe_b64encode(self._seal.encrypt(claims, None)).rstrip(b"=").decode()
        return self._signer.sign(f"{self.key_id}.{sealed}").decode()

    def open(self, token: str) -> bytes:
        try:
            _, _, sealed = self._signer.unsign(token).partition(b".")
            return self._seal.decrypt(urlsafe_b64decode(sealed + b"=" * (-len(sealed) % 4)), None)
        except (BadSignature, InvalidTag, ValueError):
            raise BadLink from None
