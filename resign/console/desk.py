"""What the console's views stand on, made once when it starts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from flask import current_app

from resign.acting.checking import Look
from resign.clock import Clock
from resign.console.themes.jobs import Jobs
from resign.console.themes.previews import Previews
from resign.db import Database
from resign.i18n import Catalogues
from resign.links import Links
from resign.settings import Settings, Workspace
from resign.staff.sealing import Seal
from resign.staff.sign_in import Demand
from resign.themes.basis import basis
from resign.themes.brand import Brand
from resign.web.limits import SignInLimit

if TYPE_CHECKING:
    from resign.console.oidc.provider import Provider

EXTENSION = "console"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """`brands` by workspace, and `languages`, which are those its pages fall back on. `catalogues` are the public pages' words, `words` the console's own.

    `secret` makes the marks that forms carry, `seal` closes what second factors are made of. `url` is the origin by which staff come; `is_for_this_machine` says that
    it listens to this machine alone, so that this machine's own names lead here too.
    `looks` ask Synerise about a profile, by workspace, while somebody waits. `provider` is the identity provider, where
    there is one.
    """

    database: Database
    settings: Settings
    links: Links
    brands: Mapping[str, Brand]
    languages: Mapping[str, str]
    catalogues: Catalogues
    words: Catalogues
    clock: Clock
    secret: bytes
    seal: Seal
    url: str
    is_for_this_machine: bool
    second_factor: Demand
    # Who hears of the workspaces' decisions, by workspace; the first of them is Synerise.
    destinations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Posts a test to a workspace's webhook: whether it was taken, and in words what was answered.
    test: Callable[[str, str], tuple[bool, str]] = field(default=lambda _workspace, _name: (False, ""))
    looks: Mapping[str, Look]
    provider: "Provider | None" = None
    previews: Previews = field(init=False)
    jobs: Jobs = field(default_factory=Jobs)
    sign_ins: SignInLimit = field(default_factory=SignInLimit)
    bases: Mapping[str, str] = field(init=False)

    @property
    def workspaces(self) -> Mapping[str, Workspace]:
        """The settings of each, by its name."""
        return self.settings.workspaces

    def __post_init__(self) -> None:
        object.__setattr__(self, "previews", Previews(self.catalogues))
        # It reads some hundred files, and nothing in it changes while the process runs.
        bases = {workspace: basis(brand, self.catalogues) for workspace, brand in self.brands.items()}
        object.__setattr__(self, "bases", bases)


def desk() -> Desk:
    return cast("Desk", current_app.extensions[EXTENSION])
