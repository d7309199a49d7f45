"""The batch of profile updates: up to 1000 items and 1 MB, queued, with a 207 where some are refused."""

import json

from resign.sandbox.calls import Answer, Call, ItemError, Refusal, json_body, uauth_error
from resign.sandbox.changes import Changes, read_changes
from resign.sandbox.clients import ACCEPTED, identifies, missing_identifier, refused_identifier, upsert
from resign.sandbox.identifiers import whole_number
from resign.sandbox.world import World

MOST_ITEMS = 1_000


def batch(world: World, call: Call, _tail: str) -> Answer:
    """Good items are queued, whatever becomes of the bad ones; no index tells which was which."""
    items = read_items(call)
    refused: list[ItemError] = []
    good: list[tuple[int | None, Changes]] = []
    for item in items:
        errors, client_id, changes = _read(world, call, item)
        refused.extend(errors)
        if not errors:
            good.append((client_id, changes))
    if not world.faults.ask(call, "ignore_writes"):
        with world.lock:
            world.later(lambda: _apply(world, good))
    return _partial(world, call, refused) if refused else ACCEPTED


def read_items(call: Call) -> list[object]:
    """The documented ceilings (the PHP SDK's `BatchRequestBuilder`). The code for each is the sandbox's choice:
    400 for the number of items, 413 for the size."""
    body = json_body(call)
    if not isinstance(body, list) or not body:
        raise Refusal(400, "The body must be a JSON array with at least one item")
    if len(body) > MOST_ITEMS:
        raise Refusal(400, f"The array has {len(body)} items; at most {MOST_ITEMS} are allowed")
    return body


def _read(world: World, call: Call, item: object) -> tuple[list[ItemError], int | None, Changes]:
    if not isinstance(item, dict):
        return [ItemError("item", "must be an object", item)], None, Changes()
    changes, errors = read_changes(item)
    client_id = whole_number(item.get("clientId"))
    if item.get("clientId") is not None and (client_id is None or isinstance(item["clientId"], str)):
        errors.append(ItemError("clientId", "clientId must be a whole number", item["clientId"]))
    elif client_id is None and not errors and not identifies(world, changes):
        errors.append(missing_identifier(world))
    if not errors and (error := refused_identifier(world, call, changes.identifiers)):
        errors.append(error)
    return errors, client_id, changes


def _apply(world: World, items: list[tuple[int | None, Changes]]) -> None:
    """An item with only a clientId updates; where nobody has that number nothing is created."""
    for client_id, changes in items:
        known = client_id is not None and world.profiles.by_id(client_id) is not None
        if known or identifies(world, changes):
            upsert(world, client_id, changes)


def _partial(world: World, call: Call, refused: list[ItemError]) -> Answer:
    """Two official plugins type this body differently, so a workspace can be set to either.

    Where every item is refused the sandbox answers 207 too: 400 is not among the documented codes.
    """
    if world.settings.partial_answer == "uauth-errors":
        body = [uauth_error(400, error.message, call.path) for error in refused]
    else:
        body = [error.as_json() for error in refused]
    return Answer(207, json.dumps(body).encode())
