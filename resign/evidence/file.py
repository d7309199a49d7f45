"""A proof as a file: JSON with the fields of its dataclasses, and times in ISO 8601 and UTC."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from uuid import UUID

from resign.evidence.proof import Proof


def as_json(proof: Proof) -> str:
    return json.dumps(asdict(proof), default=_written, ensure_ascii=False, indent=2) + "\n"


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(type(value).__name__)
