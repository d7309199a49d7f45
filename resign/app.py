"""The composition root: puts the parts together, and is imported by none of them."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from resign.alarms.telling import Telling
from resign.alarms.webhook import Webhook
from resign.api.app import ApiDoor, create_api
from resign.api.desk import Desk as ApiDesk
from resign.api.readers import Readers
from resign.chores import Chore
from resign.clock import Clock, SystemClock
from resign.db import Database
from resign.destinations import BESIDE, destinations_of, names_of
from resign.exports.exporter import Exporter
from resign.exports.sweeper import Sweeper
from resign.feeds.feed import Feeding
from resign.feeds.sinks.opened import sink_of
from resign.feeds.tidying import Tidying
from resign.i18n import Catalogues
from resign.imports.running import Importer
from resign.imports.shelf import Shelf
from resign.imports.sweeping import ImportSweeper
from resign.inbound.door import HookDoor
from resign.keeping import Keeping
from resign.ledger import Intake
from resign.ledger.glance import Glance
from resign.ledger.shown import ShownPages
from resign.links import Links
from resign.lost_links.sender import LostLinkSender
from resign.notices.linking import Linking, Seen
from resign.notices.taking import Taking
from resign.notices.weigher import LINKS, OPT_OUTS_FIRST, Weigher
from resign.ops import views as ops_views
from resign.ops.probe import Probe
from resign.outbox.contract import Message, Outcome
from resign.outbox.worker import Worker
from resign.profile import Profile
from resign.public import errors
from resign.public.answer import finish
from resign.public.asked import MOST_BYTES
from resign.public.asking import AskingDoor
from resign.public.oneclick import OneClickDoor
from resign.public.optout import blueprint as optout
from resign.public.preferring import blueprint as preferring
from resign.public.reasons import blueprint as reasons
from resign.public.site import EXTENSION, Site
from resign.reconcile.reconciler import Reconciler
from resign.reports.reversing import Reversing
from resign.reports.rollups import Rollups
from resign.reports.zones import zones_of
from resign.search.indexer import Indexer
from resign.settings import Settings, Workspace
from resign.settings.destinations import FileTo
from resign.synerise import AttributesDestination, SyneriseDestination
from resign.synerise.link_event import LinkEvent
from resign.synerise.link_writer import Held, LinkWriter
from resign.synerise.profile_now import ProfileNow
from resign.themes import Brand, Pages, Sender
from resign.themes.brand import OfferedAgreement, Spoken
from resign.themes.keeper import Keeper

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# A read takes a fraction of a millisecond, so a few connections serve many threads.
_MOST_READERS = 16
# Less than the usual interval of a scrape or a health check, and next to nothing beside the first notice of an alarm.
LOOKS_LAST = timedelta(seconds=5)


def web_application(
    settings: Settings,
    clock: Clock | None = None,
    database: Database | None = None,
    *,
    keeps_themes: bool = False,
    looks_last: timedelta = timedelta(),
) -> "WSGIApplication":
    """The two doors for what nearly everybody does, and Flask behind them. Touches the database only when it is asked
    something. What `/readyz` and `/metrics` saw holds for `looks_last`. With `keeps_themes` a thread of its own looks every two seconds what the pages are to wear.
    """
    clock = clock or SystemClock()
    database = database or open_database(settings, connections=min(settings.web_threads, _MOST_READERS))
    site = _site(settings, clock, database)
    keeper = Keeper(database, site.pages, brands_of(settings), site.catalogues, clock=clock)
    if keeps_themes:
        # The usual language before anybody comes; the others when somebody asks for them.
        for language in {workspace.language for workspace in settings.workspaces.values()}:
            site.pages.render_all(language)
        keeper.start()
    probe = Probe(database, clock, settings.named, settings.metrics_token, looks_last)
    app = _flask(site, probe)
    api = create_api(_api_desk(settings, site))
    hooks = HookDoor(
        ApiDoor(app.wsgi_app, api.wsgi_app), settings.workspaces, site.links, Taking(database), Glance(database), clock,
        # Its own: whoever sends slow bodies to a page must not close the hook.
        threading.BoundedSemaphore(max(2, settings.web_threads // 4)),
    )  # fmt: skip
    door: WSGIApplication = OneClickDoor(AskingDoor(hooks, site), site)
    if settings.proxies:
        door = ProxyFix(door, x_for=settings.proxies, x_proto=settings.proxies)
    return door


def _api_desk(settings: Settings, site: Site) -> ApiDesk:
    return ApiDesk(
        workspaces=settings.workspaces,
        database=site.database,
        clock=site.clock,
        links=site.links,
        base_url=settings.base_url,
        readers=Readers(max(2, settings.web_threads // 4)),
        destinations={name: names_of(workspace) for name, workspace in settings.workspaces.items()},
    )


def create_worker(settings: Settings, clock: Clock | None = None, database: Database | None = None) -> Worker:
    clock = clock or SystemClock()
    destinations = {
        name: destinations_of(workspace, clock, deliveries=settings.deliveries)
        for name, workspace in settings.workspaces.items()
    }
    return Worker(
        database or open_database(settings, connections=4),
        settings.workspaces,
        destinations,
        clock,
        deliveries=settings.deliveries,
    )


def create_chores(
    settings: Settings, clock: Clock | None = None, database: Database | None = None
) -> tuple[Chore, ...]:
    """What a worker does beside delivering."""
    clock = clock or SystemClock()
    database = database or open_database(settings, connections=4)
    links = Links(settings.workspaces.values())
    each = settings.workspaces.items()
    read_backs = {name: _looking(workspace, clock) for name, workspace in each}
    linkings = {name: _linking(workspace, links, clock) for name, workspace in each}
    events = {name: LinkEvent(workspace, clock) for name, workspace in each}
    weigher, linker = (
        Weigher(database, settings.workspaces, read_backs, linkings, clock, subjects)
        for subjects in (OPT_OUTS_FIRST, LINKS)
    )
    reconciler = create_reconciler(settings, clock, database)
    confirmers = {
        name: LinkEvent(workspace, clock, action=workspace.synerise_confirm_event) for name, workspace in each
    }
    sender = LostLinkSender(database, settings.workspaces, links, events, confirmers, clock, settings.url_of)
    keys = {name: workspace.digest_key.encode() for name, workspace in each}
    rollups = Rollups(database, zones_of(settings.workspaces), keys, clock)
    keeping = Keeping(database, settings.workspaces, clock)
    shelf = Shelf(settings.data_dir)
    importer = Importer(database, settings.workspaces, shelf, clock)
    return (
        Chore("weigh", weigher.step, 0.5, weigher.close),
        Chore("link", linker.step, 0.5, linker.close),
        Chore("send-links", sender.step, 0.5),
        Chore("keep", keeping.step, 5),
        Chore("index", Indexer(database, clock).step, 1),
        Chore("count", rollups.step, 5),
        Chore("reverse", Reversing(database, keys, clock).step, 1),
        Chore("export", Exporter(database, keys, clock, zones=zones_of(settings.workspaces)).step, 1),
        Chore("sweep", Sweeper(database, clock).step, 60),
        Chore("import", importer.step, 1),
        Chore("sweep-imports", ImportSweeper(database, shelf, clock).step, 600),
        Chore("reconcile", reconciler.step, 20, reconciler.close),
        *_feeding(settings, database, clock),
        *_telling(settings, database, clock),
    )


def _feeding(settings: Settings, database: Database, clock: Clock) -> tuple[Chore, ...]:
    """A thread for each: one destination that is slow keeps no other's opt-outs waiting."""
    feeds = feeds_of(settings)
    chores = [
        Chore(f"feed-{workspace}-{to.name}", feeding.step, 1, feeding.close)
        for workspace, to in feeds
        for feeding in [create_feeding(settings, workspace, to, database, clock)]
    ]
    tidying = Tidying(database, [(workspace, to.name) for workspace, to in feeds], clock)
    return (*chores, Chore("tidy-feeds", tidying.step, 600))


def feeds_of(settings: Settings) -> list[tuple[str, FileTo]]:
    """Those that get files, with their workspaces."""
    return [
        (name, to)
        for name, workspace in settings.workspaces.items()
        for to in workspace.destinations.values()
        if isinstance(to, FileTo)
    ]


def create_feeding(
    settings: Settings, workspace: str, to: FileTo, database: Database, clock: Clock
) -> Feeding:
    return Feeding(
        database, workspace, to, sink_of(to), clock,
        zone=settings.workspaces[workspace].time_zone, folder=settings.data_dir,
    )  # fmt: skip


def _telling(settings: Settings, database: Database, clock: Clock) -> tuple[Chore, ...]:
    if not settings.alarm_webhook or not settings.alarm_webhook_secret:
        return ()
    telling = Telling(
        database, Webhook(settings.alarm_webhook, settings.alarm_webhook_secret), clock, settings.named
    )
    return (Chore("alarm", telling.step, 30, telling.close),)


def create_reconciler(
    settings: Settings, clock: Clock | None = None, database: Database | None = None
) -> Reconciler:
    clock = clock or SystemClock()
    return Reconciler(
        database or open_database(settings, connections=2),
        settings.workspaces,
        {
            name: SyneriseDestination(workspace, clock, connections=BESIDE).read_back
            for name, workspace in settings.workspaces.items()
        },
        clock,
        at=settings.reconcile_at,
        budget=settings.reconcile_calls,
    )


def _looking(workspace: Workspace, clock: Clock) -> Callable[[Message], Outcome]:
    """Asks what a profile says of whichever agreement."""
    native, own = (
        kind(workspace, clock, connections=BESIDE) for kind in (SyneriseDestination, AttributesDestination)
    )
    return lambda message: (native if native.hears_of(message.agreement) else own).read_back(message)


def _linking(workspace: Workspace, links: Links, clock: Clock) -> Linking:
    writer = LinkWriter(workspace, clock, connections=BESIDE)

    def look(profile: Profile) -> Seen | Outcome:
        found = writer.read(profile)
        return Seen(found.token, found.profiles) if isinstance(found, Held) else found

    return Linking(workspace, links, look, writer.write_one)


def open_database(settings: Settings, *, connections: int) -> Database:
    return Database(settings.database_url, connections=connections)


def _site(settings: Settings, clock: Clock, database: Database) -> Site:
    catalogues = Catalogues()
    pages = Pages(catalogues, brands_of(settings))
    return Site(
        workspaces=settings.workspaces,
        links=Links(settings.workspaces.values()),
        database=database,
        intake=Intake(database),
        shown=ShownPages(database),
        pages=pages,
        looks={
            name: ProfileNow(workspace, clock)
            for name, workspace in settings.workspaces.items()
            if workspace.agreements or workspace.pauses
        },
        base_url=settings.base_url,
        catalogues=catalogues,
        clock=clock,
        readers=threading.BoundedSemaphore(max(1, settings.web_threads // 2)),
        strangers=threading.BoundedSemaphore(max(2, settings.web_threads // 8)),
    )


def brands_of(settings: Settings) -> dict[str, Brand]:
    return {name: brand_of(workspace) for name, workspace in settings.workspaces.items()}


def brand_of(workspace: Workspace) -> Brand:
    """What a workspace's settings say that its pages are made of."""
    reasons = workspace.reasons
    return Brand(
        Sender(workspace.sender, workspace.contact),
        agreements=tuple(
            OfferedAgreement(
                each.name, Spoken(each.title, workspace.language), Spoken(each.help, workspace.language)
            )
            for each in workspace.agreements
        ),
        pauses=workspace.pauses,
        reasons=None
        if reasons is None
        else {code: Spoken(texts, workspace.language) for code, texts in reasons.items()},
        double_opt_in=workspace.double_opt_in == "on",
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
    app.register_blueprint(reasons)
    app.register_blueprint(preferring)
    app.register_blueprint(ops_views.blueprint)
    errors.register(app)
    app.after_request(finish)
    return app
