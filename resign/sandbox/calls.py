"""One API request and one answer, and the two shapes in which Synerise says no."""

import json
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

PHRASES = {
    200: "OK",
    202: "Accepted",
    207: "Multi-Status",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Payload Too Large",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(slots=True)
class Call:
    """An API request. `body` is None where it was larger than the sandbox reads."""

    method: str
    path: str
    headers: Mapping[str, object]
    body: bytes | None
    # What each scripted fault has decided about this call, so that one call uses up a fault once.
    drawn: dict[int, bool] = field(default_factory=dict)

    def header(self, name: str) -> str:
        """A header by its WSGI name, '' where it is absent."""
        return str(self.headers.get(name, ""))


class Answer(NamedTuple):
    """Status, body and the headers beyond type and length."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ItemError:
    """One entry of `errors`: the keys are those of the PHP SDK's `Error.php`, the codes are the sandbox's."""

    field: str
    message: str
    rejected: object = None
    code: int = 1001

    def as_json(self) -> dict[str, object]:
        return {
            "code": self.code,
            "field": self.field,
            "message": self.message,
            "rejectedValue": self.rejected if isinstance(self.rejected, str) else json.dumps(self.rejected),
        }


class Refusal(Exception):
    """The API says no; `errors` lists the fields at fault."""

    def __init__(
        self, status: int, message: str, *, error: str = "", errors: Sequence[ItemError] = ()
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.error = error or PHRASES.get(status, "Error")
        self.errors = tuple(errors)

    def answer(self, path: str) -> Answer:
        """The body in the shape of the path: `/uauth/*` has its own."""
        shaped = self._uauth(path) if path.startswith("/uauth/") else self._http400(path)
        return Answer(self.status, json.dumps(shaped).encode())

    def _http400(self, path: str) -> dict[str, object]:
        """Schema HTTP400 of the PHP SDK."""
        return {
            "timestamp": stamp_of(time.time()),
            "status": self.status,
            "error": self.error,
            "message": self.message,
            "path": path,
            "errors": [error.as_json() for error in self.errors],
        }

    def _uauth(self, path: str) -> dict[str, object]:
        """Schema of the WooCommerce plugin's client; the values of `errorCode` are not documented."""
        return uauth_error(self.status, self.message, path)


def uauth_error(status: int, message: str, path: str) -> dict[str, object]:
    return {
        "timestamp": stamp_of(time.time()),
        "status": status,
        "errorCode": f"SANDBOX-{status}",
        "message": message,
        "path": path,
        "traceId": uuid.uuid4().hex[:16],
    }


def stamp_of(seconds: float) -> str:
    """Seconds since 1970 as ISO 8601 in UTC with milliseconds and a Z."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def json_body(call: Call) -> object:
    """The parsed body.

    415 where it is not announced as JSON, 413 where it is over the sandbox's limit, 400 where it does not parse.
    """
    kind = call.header("CONTENT_TYPE").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refusal(415, f"Content type '{kind}' not supported; send application/json")
    if call.body is None:
        # Synerise documents the ceiling of 1 MB for batches; the code it answers with is not documented.
        raise Refusal(413, "The request body exceeds 1 MB")
    try:
        return json.loads(call.body)
    except ValueError as fault:
        raise Refusal(400, "Malformed JSON in the request body") from fault
