"""Every refusal as RFC 9457 asks: `application/problem+json`, of a documented type, and quoting nothing that was sent."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response
from pydantic import Field, ValidationError

from resign.api.model import Answered

PLACE = "/api/v1/problems"
TYPE = "application/problem+json"
RETRY_AFTER = "60"


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of problem: its status, its title, and what to do about it."""

    status: int
    title: str
    meaning: str


KINDS: Mapping[str, Kind] = {
    "malformed": Kind(400, "The request cannot be read", "The body is no JSON, or it was cut short. Nothing was done."),
    "bad-query": Kind(
        400, "The address line asks for something that there is not",
        "A parameter is unknown, given twice, or of another form than the description says.",
    ),
    "bad-cursor": Kind(400, "This is no cursor of ours", "Begin again without `cursor`, or take it from `next` unchanged."),
    "bad-idempotency-key": Kind(
        400, "This Idempotency-Key cannot be kept", "It has 1 to 255 printable ASCII characters."
    ),
    "unauthorized": Kind(
        401, "A key is needed",
        "Send `Authorization: Bearer rsk_…`. A key that is unknown, expired or revoked is answered alike.",
    ),
    "forbidden": Kind(403, "The key may not do this", "The key lacks the scope that the description names for this request."),
    "not-found": Kind(404, "There is nothing here", "What belongs to another workspace is nothing either."),
    "method-not-allowed": Kind(405, "This is not asked in that way", "`Allow` says in which."),
    "opted-out": Kind(
        409, "The person is out",
        "The opt-in is not surely newer than the opt-out that stands: it is older, or has no `at`. Nothing was changed.",
    ),
    "no-evidence": Kind(
        409, "The person is out, and nothing speaks for the opt-in",
        "Send with `evidence` how the person agreed after they had opted out. Nothing was changed.",
    ),
    "suppressed": Kind(
        409, "The person is on a list of people who opted out",
        "The list has hashes of addresses and no dates, so no opt-in is surely newer. Nothing was changed.",
    ),
    "too-large": Kind(413, "The body is too large", "16 KiB for one decision; see each description for the others."),
    "unsupported-media-type": Kind(415, "The body is of another type", "Send `application/json`, or for many decisions `application/x-ndjson`."),
    "invalid": Kind(422, "The request is not as the description says", "`errors` says where, by JSON Pointer, and what."),
    "unknown-agreement": Kind(422, "There is no such agreement", "`newsletter`, one of the workspace's own, or for an opt-out `all`."),
    "future": Kind(422, "It was decided in the future", "`at` is more than five minutes ahead of our clock."),
    "idempotency-key-reused": Kind(
        422, "This Idempotency-Key came with something else", "A key stands for one request, for 24 hours."
    ),
    "too-many-failures": Kind(
        429, "Too many bad keys came from there", "Only requests without a good key are counted. `Retry-After` says how long to wait."
    ),
    "internal": Kind(500, "Something went wrong here", "It is our fault. Nothing that was not acknowledged counts as recorded."),
    "unavailable": Kind(
        503, "It cannot be recorded now", "The database is out of reach, or too many wait. Send it again after `Retry-After`."
    ),
}  # fmt: skip


class Fault(Answered):
    """One thing that is not as the description says."""

    pointer: str = Field(description="Where, as a JSON Pointer into the body, or the parameter's name.")
    detail: str = Field(description="What is wrong, without quoting what was sent.")


class Problem(Answered):
    """Why something was not done (RFC 9457)."""

    type: str = Field(description="Which of the documented types, as `/api/v1/problems#NAME`.")
    title: str = Field(description="The type in a few words.")
    status: int = Field(description="The status of the answer.")
    detail: str = Field(description="What to do about it.")
    errors: list[Fault] = Field(
        default_factory=list, description="Each fault, for `invalid` and `bad-query`."
    )


class Refused(Exception):
    """Raised by a view; `name` is one of KINDS."""

    def __init__(self, name: str, errors: Sequence[Fault] = (), **headers: str) -> None:
        super().__init__(name)
        self.name, self.errors, self.headers = name, errors, headers


def body_of(name: str, errors: Sequence[Fault] = ()) -> dict[str, Any]:
    kind = KINDS[name]
    body: dict[str, Any] = {
        "type": f"{PLACE}#{name}", "title": kind.title, "status": kind.status, "detail": kind.meaning
    }  # fmt: skip
    return body | {"errors": [each.model_dump() for each in errors]} if errors else body


def answer(name: str, errors: Sequence[Fault] = (), **headers: str) -> Response:
    kind = KINDS[name]
    found = Response(json.dumps(body_of(name, errors)), kind.status, mimetype=TYPE)
    for header, value in headers.items():
        found.headers[header.replace("_", "-")] = value
    if kind.status == 503:  # noqa: PLR2004 - the status says what it is
        found.headers["Retry-After"] = RETRY_AFTER
    return found


def faults_of(error: ValidationError) -> list[Fault]:
    """At most twenty. A name that nobody knows is not repeated: it may be an address."""
    return [_fault(each) for each in error.errors(include_url=False, include_context=False, include_input=False)[:20]]  # fmt: skip


def _fault(found: Mapping[str, Any]) -> Fault:
    loc, said = list(found["loc"]), str(found["msg"])
    if found["type"] == "extra_forbidden":
        loc, said = loc[:-1], "There is a field that is not known here"
    return Fault(pointer="".join(f"/{part}" for part in loc), detail=said.removeprefix("Value error, "))
