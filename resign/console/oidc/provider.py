"""The identity provider over HTTP: what it says of itself, where to send a browser, and what a code stands for."""

import base64
import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

import httpx

from resign.console.oidc.identity import Begun, Identity, NotProven, OutOfReach
from resign.console.oidc.proof import Expected, keys_of, proven
from resign.settings import Settings
from resign.settings.identity_provider import issuer as checked_address

_PATIENCE_SECONDS = 5.0
_MOST_BYTES = 1 << 20
_LEARNT_ANEW_AFTER = 600.0
_NAMES = ("preferred_username", "name")


class Provider:
    """One identity provider; safe to call from any thread. What it says of itself is learnt anew every ten minutes."""

    def __init__(self, settings: Settings) -> None:
        self.issuer = settings.oidc_issuer or ""
        self._client_id = settings.oidc_client_id or ""
        self._secret = settings.oidc_client_secret or ""
        self._groups = settings.oidc_groups
        self._claim = settings.oidc_groups_claim
        self._scope = settings.oidc_scope
        self._http = httpx.Client(timeout=_PATIENCE_SECONDS, follow_redirects=False, trust_env=False)
        self._learnt: tuple[float, Mapping[str, str]] | None = None

    def address(self, begun: Begun, redirect_uri: str) -> str:
        """Where the browser goes. Raises OutOfReach."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest()).rstrip(b"=")
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "scope": self._scope,
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
        }
        endpoint = self._endpoints()["authorization_endpoint"]
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def identity(self, code: str, begun: Begun, redirect_uri: str, now: datetime) -> Identity:
        """Whom a code stands for. Raises OutOfReach and NotProven."""
        endpoints = self._endpoints()
        given = self._ask(
            "POST",
            endpoints["token_endpoint"],
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
                "code_verifier": begun.verifier,
            },
            # Both are encoded before they are put together (RFC 6749 §2.3.1).
            auth=(quote(self._client_id, safe=""), quote(self._secret, safe="")),
        )
        token = given.get("id_token")
        if not isinstance(token, str):
            raise NotProven("no id_token")
        keys = keys_of(self._ask("GET", endpoints["jwks_uri"]))
        claims = proven(token, keys, Expected(self.issuer, self._client_id, begun.nonce), now)
        called = next((claims[name] for name in _NAMES if isinstance(claims.get(name), str)), "")
        return Identity(self.issuer, claims["sub"], called, self._grants(claims.get(self._claim)))

    def _grants(self, groups: object) -> frozenset[tuple[str, str]]:
        named: Sequence[object] = groups if isinstance(groups, list) else [groups]
        return frozenset(
            grant for each in named if isinstance(each, str) for grant in self._groups.get(each, ())
        )

    def _endpoints(self) -> Mapping[str, str]:
        if self._learnt is not None and time.monotonic() - self._learnt[0] < _LEARNT_ANEW_AFTER:
            return self._learnt[1]
        said = self._ask("GET", self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if said.get("issuer") != self.issuer:  # OIDC Discovery §4.3
            raise OutOfReach("it calls itself otherwise than RESIGN_OIDC_ISSUER")
        try:
            found = {
                name: checked_endpoint(said[name])
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
            }
        except (KeyError, ValueError):
            raise OutOfReach("its discovery document lacks an endpoint") from None
        self._learnt = (time.monotonic(), found)
        return found

    def _ask(self, method: str, url: str, **more: Any) -> Mapping[str, Any]:  # noqa: ANN401 - httpx's own
        try:
            with self._http.stream(method, url, headers={"Accept": "application/json"}, **more) as answer:
                body = _bounded(answer)
                # A code that is used up or not ours is answered with 400 (RFC 6749 §5.2).
                if answer.status_code == httpx.codes.BAD_REQUEST and method == "POST":
                    raise NotProven("the code was refused")
                if answer.status_code != httpx.codes.OK:
                    raise OutOfReach(f"it answered {answer.status_code}")
            said = json.loads(body)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
            raise OutOfReach(type(error).__name__) from None
        if not isinstance(said, dict):
            raise OutOfReach("its answer is no JSON object")
        return said


def checked_endpoint(value: object) -> str:
    """Over TLS, unless it does not leave this machine; a query is allowed here."""
    if not isinstance(value, str):
        raise ValueError("an endpoint is text")  # noqa: TRY004 - a fault of the document
    checked_address(value.partition("?")[0])
    return value


def _bounded(answer: httpx.Response) -> bytes:
    body = b""
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise ValueError("too long")
    return body
