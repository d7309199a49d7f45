"""Looks into the pretend workspace: every page is HTML for people and JSON for programs."""

from collections.abc import Iterable
from itertools import islice

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import NotFound

from resign.sandbox.calls import stamp_of
from resign.sandbox.present import here, show, whole
from resign.sandbox.profiles import Profile
from resign.sandbox.world import World

_SHOWN = 100
_PROFILE_EVENTS = 50
# No script anywhere; the refresh of the profile page is a meta element.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:;"
    " frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

pages = Blueprint("views", "resign.sandbox", url_prefix="/sandbox")
pages.add_app_template_filter(stamp_of, "stamp")


@pages.after_app_request
def harden(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


@pages.get("/")
def index() -> Response:
    world = here()
    with world.lock:
        world.settle()
        facts: dict[str, object] = {
            "workspace": world.settings.workspace_name,
            "emails": world.settings.emails,
            "profiles": len(world.profiles),
            "mails": len(world.mails),
            "events": sum(world.events.counts.values()),
            "waiting": len(world.due),
            "requests": world.requests.total(),
            "automation": world.automation.as_json(),
            "faults": world.faults.standing(),
            "webhooks": world.hooks.listed(),
        }
    return show("index.html", facts)


@pages.get("/profiles")
def profiles() -> Response:
    world = here()
    wanted = request.args.get("q", "").strip().lower()
    limit, offset = whole("limit", _SHOWN), whole("offset", 0)
    with world.lock:
        world.settle()
        enabled = sum(world.agrees(profile) for profile in world.profiles)
        found = (profile for profile in world.profiles if _matches(profile, wanted))
        rows = [described(world, profile) for profile in islice(found, offset, offset + limit)]
        counts = {
            "total": len(world.profiles),
            "enabled": enabled,
            "disabled": len(world.profiles) - enabled,
        }
    return show(
        "profiles.html",
        {"counts": counts, "q": wanted, "offset": offset, "limit": limit, "profiles": rows},
    )


@pages.get("/profiles/<int:client_id>")
def profile_page(client_id: int) -> Response:
    world = here()
    with world.lock:
        world.settle()
        profile = world.profiles.by_id(client_id)
        if profile is None:
            raise NotFound(f"There is no profile {client_id}.")
        own = (record for record in reversed(world.events.records) if record.client_id == client_id)
        facts = {
            **described(world, profile),
            "updated": stamp_of(profile.updated),
            "waiting": len(world.due),
            "events": [record.as_json() for record in islice(own, _PROFILE_EVENTS)],
            "mails": [
                {"id": mail.number, "subject": mail.subject}
                for mail in world.mails
                if mail.client_id == client_id
            ],
        }
    return show("profile.html", facts)


@pages.get("/events")
def events() -> Response:
    world = here()
    action = request.args.get("action", "")
    with world.lock:
        world.settle()
        wanted = (record for record in reversed(world.events.records) if action in {"", record.action})
        facts: dict[str, object] = {
            "counts": dict(world.events.counts),
            "definitions": sorted(world.events.definitions),
            "automation": world.automation.as_json(),
            "events": [record.as_json() for record in islice(wanted, whole("limit", _SHOWN))],
        }
    return show("events.html", facts)


@pages.get("/requests")
def requests() -> Response:
    world = here()
    newest = [row.as_json() for row in world.requests.newest(whole("limit", _SHOWN))]
    counts, total = world.requests.counts(), world.requests.total()
    return show("requests.html", {"total": total, "counts": counts, "requests": newest})


@pages.get("/faults")
def faults() -> Response:
    world = here()
    return jsonify(faults=world.faults.standing())


@pages.get("/automation")
def automation() -> Response:
    world = here()
    with world.lock:
        return jsonify(world.automation.as_json())


@pages.get("/key")
def key() -> Response:
    world = here()
    return jsonify(world.key.as_json())


@pages.get("/options")
def options() -> Response:
    world = here()
    with world.lock:
        return jsonify(world.options.as_json())


@pages.get("/webhooks")
def webhooks() -> Response:
    world = here()
    return jsonify(webhooks=world.hooks.listed())


def described(world: World, profile: Profile) -> dict[str, object]:
    """The profile as the API shows it, and what its e-mail agreement comes to in this workspace."""
    return {**profile.as_json(), "agreement": "enabled" if world.agrees(profile) else "disabled"}


def _matches(profile: Profile, wanted: str) -> bool:
    texts: Iterable[str] = (*profile.identifiers.values(), str(profile.client_id))
    return not wanted or any(wanted in text.lower() for text in texts)
