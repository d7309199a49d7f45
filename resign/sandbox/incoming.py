"""The incoming integration: a posted JSON document starts the same automation."""

from resign.sandbox.calls import Answer, Call, ItemError, Refusal, json_body
from resign.sandbox.clients import ACCEPTED
from resign.sandbox.world import World

_CHOICES = {"opt-in": True, "opt-out": False}


def receive(world: World, call: Call, _tail: str) -> Answer:
    """Reads `choice`, `agreement` and who it is about (clientId, customId, uuid or email) from the document.

    The success code is not documented; the sandbox chooses 202. A document that names nobody, or makes no
    choice, is accepted all the same: the real one takes any JSON and leaves the reading to the workflow.
    """
    if not call.header("HTTP_AUTHORIZATION").lower().startswith("bearer "):
        raise Refusal(401, "The incoming integration wants the token of the log-in")
    body = json_body(call)
    if not isinstance(body, dict):
        raise Refusal(
            400, "The body must be a JSON object", errors=[ItemError("body", "must be an object", body)]
        )
    with world.lock:
        world.settle()
        if not world.faults.ask(call, "ignore_writes") and not _seen(world, call):
            _start(world, _flat(body))
    return ACCEPTED


def _seen(world: World, call: Call) -> bool:
    """How long Synerise remembers a deduplication hash is not documented; the sandbox never forgets one."""
    given = call.header("HTTP_X_DEDUPLICATION_HASH")
    if given and given in world.dedup:
        return True
    if given:
        world.dedup.add(given)
    return False


def _start(world: World, document: dict[str, object]) -> None:
    profile = world.profiles.lookup(document)
    if profile is None:
        return
    world.events.add(profile.client_id, "business.event", world.clock(), document, source="incoming")
    choice = document.get("choice")
    on = _CHOICES.get(choice) if isinstance(choice, str) else None
    if on is not None:
        world.run_automation(profile.client_id, on, document)


def _flat(document: dict[str, object]) -> dict[str, object]:
    """Nested JSON is flattened (Synerise docs); that the names are joined by a dot is the sandbox's choice."""
    flat: dict[str, object] = {}
    for name, value in document.items():
        if isinstance(value, dict):
            flat.update({f"{name}.{inner}": held for inner, held in _flat(value).items()})
        else:
            flat[name] = value
    return flat
