"""Log-in: an API key becomes a token, a token becomes a newer one, and a key says what it may do."""

import hmac
import json

from resign.sandbox.access import may
from resign.sandbox.calls import Answer, Call, ItemError, Refusal, json_body
from resign.sandbox.world import World


def log_in(world: World, call: Call, _tail: str) -> Answer:
    """Answers {"token": ...}; 400 for a body without an API key, 401 for a wrong one."""
    body = json_body(call)
    key = body.get("apiKey") if isinstance(body, dict) else None
    if not isinstance(key, str) or not key:
        raise Refusal(400, "apiKey is required", errors=[ItemError("apiKey", "must be a string", key)])
    if world.faults.ask(call, "refuse_login") or not _same(key, world.key.api_key):
        raise Refusal(401, "The API key is not valid")
    return _token(world)


def refresh(world: World, _call: Call, _tail: str) -> Answer:
    """The caller was let in with a token that is still good, and gets a new one."""
    return _token(world)


def check_permissions(world: World, call: Call, _tail: str) -> Answer:
    """For a JSON array of names says of each whether the key has it (the Magento plugin's `Validator.php`)."""
    names = json_body(call)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Refusal(400, "The body must be an array of permission names")
    held = {name: may(world, call, name) for name in names}
    return Answer(
        200, json.dumps({"businessProfileName": world.settings.workspace_name, "permissions": held}).encode()
    )


def _token(world: World) -> Answer:
    settings = world.settings
    token = world.tokens.issue(world.clock(), settings.token_lifetime, settings.workspace_guid)
    return Answer(200, json.dumps({"token": token}).encode())


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), wanted.encode())
