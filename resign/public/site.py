"""All that a public view needs, put together once by the composition root."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

from flask import current_app

from resign.clock import Clock
from resign.db import Database
from resign.i18n import Catalogues
from resign.ledger import Choice, Intake
from resign.ledger.shown import ShownPages
from resign.links import SCOPE, Links
from resign.links.template import TemplateLinks
from resign.profile import Profile
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
    # What Synerise says of a profile's agreements right now, by workspace; nothing where it does not answer at once.
    looks: Mapping[str, Callable[[Profile], Mapping[str, Choice]]] = field(default_factory=dict)
    base_url: str = ""
    template_links: TemplateLinks = field(init=False)
    # The workspaces that have a host name of their own, by that name.
    hosts: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "template_links", TemplateLinks(self.workspaces.values()))
        own = {
            name: workspace.public_url for name, workspace in self.workspaces.items() if workspace.public_url
        }
        hosts = {_host(url.partition("://")[2]): name for name, url in own.items()}
        object.__setattr__(self, "hosts", hosts)

    def is_elsewhere(self, host: str, workspace: str) -> bool:
        """Whether a request came to another brand's address than its link's."""
        return bool(self.hosts) and self.hosts.get(_host(host), workspace) != workspace

    def workspace_of(self, host: str) -> str | None:
        """The one workspace that a request without a link can be for, by its host name or because there is no other."""
        return next(iter(self.workspaces)) if len(self.workspaces) == 1 else self.hosts.get(_host(host))

    def url_of(self, workspace: str) -> str:
        return self.workspaces[workspace].public_url or self.base_url

    def agreements_of(self, workspace: str) -> tuple[str, ...]:
        """All that can be decided on there, Synerise's own agreement first."""
        return (SCOPE, *(each.name for each in self.workspaces[workspace].agreements))

    def digest_key(self, workspace: str) -> bytes:
        return self.workspaces[workspace].digest_key.encode()


def site() -> Site:
    return cast("Site", current_app.extensions[EXTENSION])


def _host(written: str) -> str:
    """A host as it is compared: capitals, the usual ports and the root's dot make no other address of it."""
    host = written.lower()
    for port in (":443", ":80"):
        host = host.removesuffix(port)
    return host.removesuffix(".")
