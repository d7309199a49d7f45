(
    """Posts to an address of the operator's, signed as Standard Webhooks says, so that the receiver knows who it was."""
    ""
)

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import httpx

from resign.outward.signing import key_of, signed

_TIMEOUT_SECONDS = 10.0


class Webhook:
    """`secret` as Standard Webhooks writes it: `whsec_` and base64."""

    def __init__(self, url: str, secret: str) -> None:
        self._url = url
        self._key = key_of(secret)
        self._client = httpx.Client(timeout=_TIMEOUT_SECONDS, follow_redirects=False, trust_env=False)

    def post(self, number: UUID, content: Mapping[str, object], now: datetime) -> str:
        """Why it was not taken; empty where it was. Never raises for what the other side does.

        A redirect is a refusal: whoever can answer there could send the alarm, signed, anywhere. What the answer
        says is not read.
        """
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json", "User-Agent": "resign"} | signed(
            [self._key], f"msg_{number.hex}", int(now.timestamp()), body
        )
        try:
            with self._client.stream("POST", self._url, content=body, headers=headers) as answer:
                return "" if answer.is_success else f"it answered {answer.status_code}"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return type(error).__name__

    def close(self) -> None:
        self._client.close()
