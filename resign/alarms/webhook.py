"""Posts to an address of the operator's, signed as Standard Webhooks says, so that the receiver knows who it was.

Signed by hand: the scheme is one HMAC (standardwebhooks.com, "Signature scheme"), and its library brings an HTTP
client's worth of dependencies along for it.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import httpx

_TIMEOUT_SECONDS = 10.0
_PREFIX = "whsec_"


class Webhook:
    """`secret` as Standard Webhooks writes it: `whsec_` and base64."""

    def __init__(self, url: str, secret: str) -> None:
        self._url = url
        self._key = base64.b64decode(secret.removeprefix(_PREFIX))
        self._client = httpx.Client(timeout=_TIMEOUT_SECONDS, follow_redirects=False, trust_env=False)

    def post(self, number: UUID, content: Mapping[str, object], now: datetime) -> str:
        """Why it was not taken; empty where it was. Never raises for what the other side does.

        A redirect is a refusal: whoever can answer there could send the alarm, signed, anywhere. What the answer
        says is not read.
        """
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json", "User-Agent": "resign"} | signed(
            self._key, f"msg_{number.hex}", int(now.timestamp()), body
        )
        try:
            with self._client.stream("POST", self._url, content=body, headers=headers) as answer:
                return "" if answer.is_success else f"it answered {answer.status_code}"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return type(error).__name__

    def close(self) -> None:
        self._client.close()


def signed(key: bytes, number: str, timestamp: int, body: bytes) -> dict[str, str]:
    signature = hmac.new(key, f"{number}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": number,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }
