"""All that a public view needs, put together once by the composition root."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from flask import current_app

from resign.clock import Clock
from resign.db import Database
from resign.i18n import Catalogues
from resign.ledger import Intake
from resign.ledger.shown import ShownPages
from resign.links import Links
from resign.links.template import TemplateLinks
from resign.settings import Workspace
from resign.themes import Pages
from resign.web.limits import BadLinkLimit, LinkRequestLimit

EXTENSION = "resign.public"

# How many of those who may wait for bodies can be people without a link.
_STRANGERS = 2


@dataclass(frozen=True, slots=True)
class Site:
    workspaces: Mapping[str, Workspace]
    links: Links
    database: Database
    intake: Intake
    shown: ShownPages
    pages: Pages
    catalogues: Catalogues
    clock: Clock
    # So many threads may wait for bodies at once; the others are kept for those who send theirs (`asked.body`).
    readers: threading.BoundedSemaphore
    strangers: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(_STRANGERS)
    )
    bad_links: BadLinkLimit = field(default_factory=BadLinkLimit)
    link_requests: LinkRequestLimit = field(default_factory=LinkRequestLimit)
    template_links: TemplateLinks = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "template_links", TemplateLinks(self.workspaces.values()))

    def digest_key(self, workspace: str) -> bytes:
        return self.workspaces[workspace].digest_key.encode()


def site() -> Site:
    return cast("Site", current_app.extensions[EXTENSION])
