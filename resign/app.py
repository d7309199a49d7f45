"""The composition root: puts the parts together, and is imported by none of them."""

import threading
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from resign.clock import Clock, SystemClock
from resign.db import Database
from resign.i18n import Catalogues
from resign.ledger import Intake
from resign.ledger.shown import ShownPages
from resign.links import Links
from resign.ops import views as ops_views
from resign.ops.probe import Probe
from resign.outbox.worker import Worker
from resign.public import errors
from resign.public.answer import finish
from resign.public.asked import MOST_BYTES
from resign.public.asking import AskingDoor
from resign.public.oneclick import OneClickDoor
from resign.public.optout import blueprint as optout
from resign.public.site import EXTENSION, Site
from resign.settings import Settings
from resign.synerise import SyneriseDestination
from resign.themes import Pages, Sender

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# A read takes a fraction of a millisecond, so a few connections serve many threads.
_MOST_READERS = 16


def web_application(
    settings: Settings, clock: Clock | None = None, database: Database | None = None
) -> "WSGIApplication":
    """The two doors for what nearly everybody does, and Flask behind them. Touches the database only when it is asked something."""
    clock = clock or SystemClock()
    database = database or open_database(settings, connections=min(settings.web_threads, _MOST_READERS))
    site = _site(settings, clock, database)
    app = _flask(site, Probe(database, clock, tuple(settings.workspaces), settings.metrics_token))
    door: WSGIApplication = OneClickDoor(AskingDoor(app.wsgi_app, site), site)
    if settings.proxies:
        door = ProxyFix(door, x_for=settings.proxies, x_proto=settings.proxies)
    return door


def create_worker(settings: Settings, clock: Clock | None = None, database: Database | None = None) -> Worker:
    clock = clock or SystemClock()
    destinations = {
        name: [SyneriseDestination(workspace, clock, connections=settings.deliveries)]
        for name, workspace in settings.workspaces.items()
    }
    return Worker(
        database or open_database(settings, connections=4),
        settings.workspaces,
        destinations,
        clock,
        deliveries=settings.deliveries,
    )


def open_database(settings: Settings, *, connections: int) -> Database:
    return Database(settings.database_url, connections=connections)


def _site(settings: Settings, clock: Clock, database: Database) -> Site:
    catalogues = Catalogues()
    senders = {name: Sender(w.sender, w.contact) for name, w in settings.workspaces.items()}
    return Site(
        workspaces=settings.workspaces,
        links=Links(settings.workspaces.values()),
        database=database,
        intake=Intake(database),
        shown=ShownPages(database),
        pages=Pages(catalogues, senders),
        catalogues=catalogues,
        clock=clock,
        readers=threading.BoundedSemaphore(max(1, settings.web_threads // 2)),
    )


def _flask(site: Site, probe: Probe) -> Flask:
    app = Flask("resign", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    # A POST must never meet a redirect (RFC 8058 §3.1), so no spelling of a path is worth one.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.extensions[EXTENSION] = site
    app.extensions[ops_views.EXTENSION] = probe
    app.register_blueprint(optout)
    app.register_blueprint(ops_views.blueprint)
    errors.register(app)
    app.after_request(finish)
    return app
