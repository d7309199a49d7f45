"""What an id_token proves: who it is about, once signature, issuer, audience, time and nonce are right (OIDC Core §3.1.3.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from resign.console.oidc.identity import NotProven
from resign.settings import BadSettings

try:
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet
except ImportError as missing:  # the extra `oidc` is not installed
    remedy = "needs Authlib, which is not installed; run `pip install resign[oidc]`, or take the setting out"
    raise BadSettings([f"RESIGN_OIDC_ISSUER: signing in by an identity provider {remedy}"]) from missing

# Only what is signed with a key that we do not have: neither `none`, nor HS256 with the public key as its secret.
ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
    "EdDSA",
)
_ASYMMETRIC = {"RSA", "EC", "OKP"}
_LEEWAY_SECONDS = 60
_MOST_CHARACTERS = 255


@dataclass(frozen=True, slots=True)
class Expected:
    """What this sign-in must have been made for."""

    issuer: str
    client_id: str
    nonce: str


def keys_of(document: Mapping[str, Any]) -> KeySet:
    """The keys that may sign; a secret among them is none. Raises NotProven where there is none."""
    listed = document.get("keys")
    usable = [
        each
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, dict) and each.get("kty") in _ASYMMETRIC and each.get("use", "sig") == "sig"
    ]
    try:
        return KeySet.import_key_set({"keys": usable})
    except (JoseError, ValueError, TypeError, KeyError):
        raise NotProven("keys") from None


def proven(token: str, keys: KeySet, expected: Expected, now: datetime) -> Mapping[str, Any]:
    """The claims. Raises NotProven."""
    try:
        read = jwt.decode(token, keys, algorithms=list(ALGORITHMS))
        claims = CodeIDToken(
            read.claims,
            read.header,
            {
                "iss": {"essential": True, "value": expected.issuer},
                "aud": {"essential": True, "value": expected.client_id},
                "sub": {"essential": True},
            },
            {"nonce": expected.nonce, "client_id": expected.client_id},
        )
        claims.validate(now=int(now.timestamp()), leeway=_LEEWAY_SECONDS)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise NotProven(type(error).__name__) from None
    if not 0 < len(claims["sub"]) <= _MOST_CHARACTERS:
        raise NotProven("sub")
    return dict(claims)
