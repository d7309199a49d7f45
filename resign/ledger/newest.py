"""A person's newest decision on an agreement: what holds, whether or not the outbox has got to it yet."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Newest:
    seq: int
    id: UUID
    choice: str
    method: str
    at: datetime
    language: str | None
    owed: bool
