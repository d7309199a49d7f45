"""Custom events over the API, one or many, and what the automation makes of them."""

from resign.sandbox.batch import read_items
from resign.sandbox.calls import Answer, Call, ItemError, Refusal, json_body
from resign.sandbox.clients import ACCEPTED
from resign.sandbox.event_rules import Event, email_error, read_event
from resign.sandbox.world import World


def send_event(world: World, call: Call, _tail: str) -> Answer:
    """POST /v4/events/custom."""
    body = json_body(call)
    if not isinstance(body, dict):
        raise Refusal(400, "The body must be a JSON object")
    with world.lock:
        now = world.settle()
        _take_all(world, call, [_read(world, body, now)])
    return ACCEPTED


def send_events(world: World, call: Call, _tail: str) -> Answer:
    """POST /v4/events/batch: all or nothing; 207 is not among its documented codes.

    The Magento client wants a `type` on each item, and what it means is not documented: the sandbox insists
    on it, because sending it is safe either way.
    """
    items = read_items(call)
    with world.lock:
        now = world.settle()
        events = []
        for item in items:
            if not isinstance(item, dict):
                raise Refusal(400, "Validation failed", errors=[ItemError("item", "must be an object", item)])
            kind = item.get("type")
            if not isinstance(kind, str) or not kind:
                raise Refusal(400, "Validation failed", errors=[ItemError("type", "type is required", kind)])
            events.append(_read(world, item, now))
        _take_all(world, call, events)
    return ACCEPTED


def _read(world: World, body: dict[str, object], now: float) -> Event:
    event, errors = read_event(body, now, world.profiles)
    if event is None:
        raise Refusal(400, "Validation failed", errors=errors)
    if not world.key.may_send(event.action):
        # Synerise documents that the lists exist, not how a refusal looks: 403 is the sandbox's choice.
        raise Refusal(403, f"The API key may not send the event {event.action}")
    profile = world.profiles.lookup(event.client)
    if profile and (error := email_error(event, profile)):
        raise Refusal(400, "Validation failed", errors=[error])
    return event


def _take_all(world: World, call: Call, events: list[Event]) -> None:
    if world.faults.ask(call, "ignore_writes"):
        return
    for event in events:
        _take(world, event)


def _take(world: World, event: Event) -> None:
    """An unknown action becomes a definition on the fly.

    What happens to an event for nobody is not documented: the sandbox accepts and drops it, so that only a
    read-back finds out.
    """
    world.events.definitions.add(event.action)
    profile = world.profiles.lookup(event.client)
    if profile is None:
        return
    key = (event.salt, event.time, profile.client_id, event.action)
    if event.salt and world.events.overwrite(key, event.params):
        return
    record = world.events.add(
        profile.client_id, event.action, event.time, event.params, salt=event.salt, source="api"
    )
    if event.salt:
        world.events.remember(key, record)
    world.react(profile.client_id, event.action, event.params)
