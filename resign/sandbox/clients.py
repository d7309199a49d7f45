"""Profiles over the API: read one, update one that exists, create or update one, delete one."""

import json
from collections.abc import Callable
from urllib.parse import quote

from resign.sandbox.calls import Answer, Call, ItemError, Refusal, json_body
from resign.sandbox.changes import Changes, read_changes
from resign.sandbox.identifiers import KINDS, Kind, identifier_error, whole_number
from resign.sandbox.profiles import Profile
from resign.sandbox.world import World

Handler = Callable[[World, Call, str], Answer]
ACCEPTED = Answer(202)


def read_by(kind: Kind) -> Handler:
    """GET /v4/clients/by-<kind>/<value>."""

    def read(world: World, call: Call, value: str) -> Answer:
        _check(world, kind, value)
        del call
        with world.lock:
            world.settle()
            return _described(_existing(world.profiles.find(kind, value), kind, value))

    return read


def read_by_client_id(world: World, _call: Call, tail: str) -> Answer:
    number = _client_id(tail)
    with world.lock:
        world.settle()
        return _described(_existing(world.profiles.by_id(number), "clientId", tail))


def update_by(kind: Kind) -> Handler:
    """POST /v4/clients/by-<kind>/<value>: update only, 404 for a profile that does not exist."""

    def update(world: World, call: Call, value: str) -> Answer:
        changes = _changes(world, call)
        _check(world, kind, value)
        with world.lock:
            world.settle()
            _update_later(world, call, _existing(world.profiles.find(kind, value), kind, value), changes)
        return ACCEPTED

    return update


def update_by_client_id(world: World, call: Call, tail: str) -> Answer:
    number = _client_id(tail)
    changes = _changes(world, call)
    with world.lock:
        world.settle()
        _update_later(world, call, _existing(world.profiles.by_id(number), "clientId", tail), changes)
    return ACCEPTED


def create_or_update(world: World, call: Call, _tail: str) -> Answer:
    """POST /v4/clients: an opt-out for an address nobody knows creates a profile."""
    changes = _identified_changes(world, call)

    def apply() -> None:
        upsert(world, None, changes)

    if not world.faults.ask(call, "ignore_writes"):
        with world.lock:
            world.later(apply)
    return ACCEPTED


def create_at_once(world: World, call: Call, _tail: str) -> Answer:
    """POST /v4/clients/instant answers "a plain string"; that it is the clientId is the sandbox's choice."""
    changes = _identified_changes(world, call)
    with world.lock:
        world.settle()
        if world.faults.ask(call, "ignore_writes"):
            return Answer(200, b'""')
        profile = upsert(world, None, changes)
    return Answer(200, json.dumps(str(profile.client_id)).encode())


def delete_by_custom_id(world: World, call: Call, value: str) -> Answer:
    _check(world, "customId", value)
    with world.lock:
        world.settle()
        profile = _existing(world.profiles.find("customId", value), "customId", value)
        if not world.faults.ask(call, "ignore_writes"):
            world.later(lambda: _delete(world, profile.client_id))
    return ACCEPTED


def upsert(world: World, client_id: int | None, changes: Changes) -> Profile:
    """Whoever the identifiers mean, or somebody new. Hold the lock."""
    profile = world.profiles.match(client_id, changes.identifiers)
    created = profile is None
    if profile is None:
        profile = world.profiles.create(world.clock())
    world.change(profile, changes, created=created)
    return profile


def identifies(world: World, changes: Changes) -> bool:
    """Whether a body names anybody: where e-mails are not unique, an e-mail alone does not."""
    return any(
        changes.identifiers.get(kind) is not None and world.profiles.identifies(kind) for kind in KINDS
    )


def missing_identifier(world: World) -> ItemError:
    kinds = [kind for kind in KINDS if world.profiles.identifies(kind)]
    return ItemError("identifier", f"at least one of {', '.join(kinds)} is required")


def refused_identifier(world: World, call: Call, identifiers: dict[Kind, str | None]) -> ItemError | None:
    """The scripted fault `item_refused`: an item that is refused for no reason anybody can see."""
    for kind, value in identifiers.items():
        if value is not None and world.faults.ask(call, "item_refused", value):
            return ItemError(kind, f"{kind} was refused", value)
    return None


def _changes(world: World, call: Call) -> Changes:
    body = json_body(call)
    if not isinstance(body, dict):
        raise Refusal(400, "The body must be a JSON object")
    changes, errors = read_changes(body)
    if refused := refused_identifier(world, call, changes.identifiers):
        errors.append(refused)
    if errors:
        raise Refusal(400, "Validation failed", errors=errors)
    return changes


def _identified_changes(world: World, call: Call) -> Changes:
    changes = _changes(world, call)
    if not identifies(world, changes):
        raise Refusal(400, "Validation failed", errors=[missing_identifier(world)])
    return changes


def _check(world: World, kind: Kind, value: str) -> None:
    """400 for an identifier that could not exist, or that identifies nobody in this workspace."""
    if error := identifier_error(kind, value):
        raise Refusal(400, error.message, errors=[error])
    if not world.profiles.identifies(kind):
        message = "The e-mail is no identifier in a workspace with non-unique e-mails"
        raise Refusal(400, message, errors=[ItemError(kind, message, value)])


def _client_id(tail: str) -> int:
    number = whole_number(tail)
    if number is None:
        raise Refusal(
            400, "clientId must be a whole number", errors=[ItemError("clientId", "not a number", tail)]
        )
    return number


def _existing(profile: Profile | None, kind: str, value: str) -> Profile:
    if profile is None:
        raise Refusal(404, f"No profile with {kind} {quote(value, safe='@')}")
    return profile


def _update_later(world: World, call: Call, profile: Profile, changes: Changes) -> None:
    """A profile deleted before the write is due stays deleted."""
    if refused := refused_identifier(world, call, dict(profile.identifiers)):
        raise Refusal(400, "Validation failed", errors=[refused])
    if world.faults.ask(call, "ignore_writes"):
        return
    client_id = profile.client_id

    def apply() -> None:
        if held := world.profiles.by_id(client_id):
            world.change(held, changes)

    world.later(apply)


def _delete(world: World, client_id: int) -> None:
    if profile := world.profiles.by_id(client_id):
        world.profiles.delete(profile)


def _described(profile: Profile) -> Answer:
    return Answer(200, json.dumps(profile.as_json()).encode())
