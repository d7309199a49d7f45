"""The console's composition root: what its pages stand on, from the settings. The web and the worker need none of it."""

from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from resign.app import brand_of, open_database
from resign.clock import Clock, SystemClock
from resign.console.app import create_console
from resign.console.desk import Desk
from resign.db import Database
from resign.destinations import names_of, webhook_of
from resign.i18n import Catalogues
from resign.ids import new_id
from resign.links import Links
from resign.outbox.contract import Accepted
from resign.settings import Settings, Workspace
from resign.settings.parse import is_this_machine
from resign.staff.sealing import Seal
from resign.synerise.profile_look import ProfileLook
from resign.webhooks.destination import said

if TYPE_CHECKING:
    from resign.console.oidc.provider import Provider


def console_application(
    settings: Settings, clock: Clock | None = None, database: Database | None = None
) -> Flask:
    app = create_console(desk_of(settings, clock, database))
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies
        )
    return app


def desk_of(settings: Settings, clock: Clock | None = None, database: Database | None = None) -> Desk:
    each = settings.workspaces.items()
    clock = clock or SystemClock()
    return Desk(
        database=database or open_database(settings, connections=8),
        settings=settings,
        links=Links(settings.workspaces.values()),
        brands={name: brand_of(workspace) for name, workspace in each},
        languages={name: workspace.language for name, workspace in each},
        catalogues=Catalogues(),
        words=Catalogues(domain="console"),
        clock=clock,
        looks={name: ProfileLook(workspace, clock) for name, workspace in each},
        destinations={name: names_of(workspace) for name, workspace in each},
        test=lambda workspace, name: _test(settings.workspaces[workspace], name, clock),
        # It stays the same over a restart, so that a form that was open meanwhile can still be sent.
        secret="".join(workspace.digest_key for _, workspace in each).encode(),
        seal=seal_of(settings),
        url=settings.console_url,
        is_for_this_machine=settings.console_bind is None or is_this_machine(settings.console_bind[0]),
        second_factor=settings.console_second_factor,
        provider=_provider(settings) if settings.oidc_issuer else None,
    )


def seal_of(settings: Settings) -> Seal:
    return Seal([workspace.digest_key.encode() for workspace in settings.workspaces.values()])


def _test(workspace: Workspace, name: str, clock: Clock) -> tuple[bool, str]:
    endpoint = webhook_of(workspace, name, clock)
    if endpoint is None:
        return False, "the settings name no such webhook"
    outcome = endpoint.test(new_id())
    endpoint.close()
    return isinstance(outcome, Accepted), said(outcome)


def _provider(settings: Settings) -> "Provider":
    """Raises BadSettings where the extra `oidc` is not installed. Loaded only where it is asked for: it costs a start."""
    from resign.console.oidc.provider import Provider  # noqa: PLC0415

    return Provider(settings)
