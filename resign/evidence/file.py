"""A proof as a file: JSON with the fields of its dataclasses, times in ISO 8601 and UTC, and a signature at its end."""

import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import UTC, datetime
from uuid import UUID

from resign.evidence.proof import Proof
from resign.evidence.signature import Signing


def as_json(proof: Proof, digest_key: bytes) -> Iterator[bytes]:
    """Piece by piece, whatever its size. Where it is cut, its end and so the signature is missing."""
    signing = Signing(digest_key)
    for text in _written(proof):
        piece = text.encode()
        signing.update(piece)
        yield piece
    yield signing.line()


def _written(proof: Proof) -> Iterator[str]:
    yield "{\n"
    for field in fields(proof):
        value = getattr(proof, field.name)
        if isinstance(value, Iterator):
            yield f"  {json.dumps(field.name)}: ["
            for number, one in enumerate(value):
                yield f"{',' if number else ''}\n    {_json(asdict(one), 4)}"
            yield "\n  ],\n"
        else:
            yield f"  {json.dumps(field.name)}: {_json(value, 2)},\n"


def _json(value: object, indented: int) -> str:
    text = json.dumps(value, default=_plain, ensure_ascii=False, indent=2)
    # No line ends within a text of JSON: these are its layout.
    return text.replace("\n", "\n" + " " * indented)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(type(value).__name__)
