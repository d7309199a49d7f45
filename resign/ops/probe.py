"""What the operators' views look at."""

from collections.abc import Collection
from dataclasses import dataclass

from resign.clock import Clock
from resign.db import Database


@dataclass(frozen=True, slots=True)
class Probe:
    database: Database
    clock: Clock
    workspaces: Collection[str]
    metrics_token: str | None = None
