"""Decides who may call what: bearer tokens, basic authentication, and the permissions of the API key."""

import base64
import binascii
import hmac

from resign.sandbox.calls import Call, Refusal
from resign.sandbox.world import World


def admit(world: World, call: Call, permission: str | None) -> None:
    """Lets the call pass or raises 401 or 403."""
    scheme, _, credentials = call.header("HTTP_AUTHORIZATION").partition(" ")
    if scheme.lower() == "bearer":
        _check_token(world, call, credentials.strip())
    elif scheme.lower() == "basic":
        _check_basic(world, credentials.strip())
    else:
        raise Refusal(401, "Full authentication is required to access this resource")
    if permission and not may(world, call, permission):
        raise Refusal(403, f"The API key lacks the permission {permission}")


def may(world: World, call: Call, permission: str) -> bool:
    return permission in world.key.permissions and not world.faults.ask(call, "revoke_permission", permission)


def _check_token(world: World, call: Call, token: str) -> None:
    verdict = world.tokens.verdict(token, world.clock())
    if verdict == "good":
        return
    if verdict == "unknown":
        raise Refusal(401, "The token is invalid")
    # The docs disagree on whether an expired token is 401 or 403; the Magento plugin compares the text.
    if world.faults.ask(call, "expired_as") == 403:  # noqa: PLR2004
        raise Refusal(403, "Token expired.")
    raise Refusal(401, "The token has expired, log in again", error="Token expired.")


def _check_basic(world: World, credentials: str) -> None:
    """Not enabled for the key, or a wrong workspace GUID: both are 401 (the Magento plugin's `Validator.php`)."""
    try:
        given = base64.b64decode(credentials, validate=True)
    except (binascii.Error, ValueError):
        given = b""
    wanted = f"{world.settings.workspace_guid}:{world.key.api_key}".encode()
    if not (world.key.basic_enabled and hmac.compare_digest(given, wanted)):
        raise Refusal(401, "Basic authentication failed or is not enabled for this API key")
