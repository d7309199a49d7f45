"""An identity provider over real HTTP: it asks nobody anything, and signs what a test tells it to."""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode

from flask import Flask, Response, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "resign console", "secret:of the client"


@dataclass
class IdentityProvider:
    """Whoever comes is `person`. `twist` changes the claims before they are signed, `sign` how."""

    clock: Any
    url: str = ""
    person: dict[str, Any] = field(
        default_factory=lambda: {"sub": "248289", "preferred_username": "Mia", "groups": ["opt-out-support"]}
    )
    twist: dict[str, Any] = field(default_factory=dict)
    sign: str = "RS256"
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}))
    published: list[dict[str, Any]] | None = None
    document: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def application(self) -> Flask:
        app = Flask("identity-provider")
        app.get("/.well-known/openid-configuration")(self.discovery)
        app.get("/authorize")(self.authorize)
        app.post("/token")(self.token)
        app.get("/keys")(self.keys)
        return app

    def discovery(self) -> dict[str, Any]:
        ends = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
        return {"issuer": self.url, **{name: self.url + path for name, path in ends.items()}, **self.document}

    def authorize(self) -> Any:
        asked = request.args.to_dict()
        self.asked.append(asked)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return redirect(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

    def token(self) -> Any:
        """Each code once, for the client that it was made for, with the verifier of its challenge (RFC 7636 §4.6)."""
        asked = self.codes.pop(request.form["code"], None)
        verifier = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        who = request.authorization
        right = (
            asked is not None
            and who is not None
            and (unquote(who.username), unquote(who.password)) == (CLIENT, SECRET)
            and asked["code_challenge"] == _encoded(verifier)
            and asked["redirect_uri"] == request.form["redirect_uri"]
        )
        if not right:
            return {"error": "invalid_grant"}, 400
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.id_token(asked["nonce"])}

    def keys(self) -> Any:
        own = [self.key.as_dict(private=False)]
        return Response(json.dumps({"keys": own if self.published is None else self.published}))

    def id_token(self, nonce: str) -> str:
        now = int(self.clock.now().timestamp())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce, **self.person}
        claims = {name: value for name, value in {**claims, **self.twist}.items() if value is not None}
        header = {"alg": self.sign, "kid": "k1"}
        text = ".".join(_encoded(json.dumps(each).encode()) for each in (header, claims))
        if self.sign == "none":
            return text + "."
        if self.sign == "HS256":  # the public key, which everybody has, taken for a secret
            return f"{text}.{_encoded(hmac.digest(self.key.as_pem(private=False), text.encode(), 'sha256'))}"
        return jwt.encode(header, claims, self.key, algorithms=[self.sign])


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
