"""All that a view of the API needs, put together once by the composition root."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from flask import current_app, g

from resign.api.readers import Readers
from resign.api_keys.opening import Holder
from resign.clock import Clock
from resign.db import Database
from resign.ledger.intake import Refusals
from resign.links import SCOPE, Links
from resign.settings import Workspace
from resign.web.limits import BadKeyLimit

EXTENSION = "resign.api"


@dataclass(frozen=True, slots=True)
class Desk:
    workspaces: Mapping[str, Workspace]
    database: Database
    clock: Clock
    links: Links
    base_url: str
    readers: Readers
    # What each workspace's decisions are told to, by name.
    destinations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bad_keys: BadKeyLimit = field(default_factory=BadKeyLimit)
    refusals: Refusals = field(default_factory=Refusals)

    def digest_key(self) -> bytes:
        return self.workspaces[holder().workspace].digest_key.encode()

    def agreements(self) -> tuple[str, ...]:
        """All that can be decided on in the workspace of whoever asks, Synerise's own agreement first."""
        return (SCOPE, *(each.name for each in self.workspaces[holder().workspace].agreements))

    def url(self) -> str:
        return self.workspaces[holder().workspace].public_url or self.base_url


def desk() -> Desk:
    return cast("Desk", current_app.extensions[EXTENSION])


def holder() -> Holder:
    """Whose key the request came with."""
    return cast("Holder", g.holder)
