"""Reads a custom event and says what is wrong with it: the rules of the generated clients' `EventBase`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from resign.sandbox.calls import ItemError
from resign.sandbox.identifiers import Kind, identifier_error, whole_number
from resign.sandbox.profiles import Profile, Profiles

_ACTION = re.compile(r"[a-zA-Z0-9.\-_]+")
_LONGEST_ACTION = 32
_RESERVED_PARAMS = frozenset({"modifiedBy", "apiKey", "eventUUID", "ip", "time", "businessProfileId"})
_CLIENT_KINDS: tuple[Kind, ...] = ("customId", "uuid", "email")


@dataclass(slots=True)
class Event:
    action: str
    client: dict[str, object]
    params: dict[str, object]
    salt: str
    time: float


def read_event(
    body: dict[str, object], now: float, profiles: Profiles
) -> tuple[Event | None, list[ItemError]]:
    """The event with its reserved parameters left out, or the faults. `time` in seconds since 1970."""
    client = body.get("client")
    params = body.get("params")
    moment = _moment(body.get("time"), now)
    errors = [
        *_action_errors(body.get("action")),
        *_label_errors(body.get("label")),
        *_client_errors(client, profiles),
        *(
            []
            if moment is not None
            else [ItemError("time", "time must be an ISO 8601 date-time", body.get("time"))]
        ),
        *(
            []
            if isinstance(params, dict | None)
            else [ItemError("params", "params must be an object", params)]
        ),
        *_salt_errors(body.get("eventSalt")),
    ]
    if errors or moment is None or not isinstance(client, dict):
        return None, errors
    given = params if isinstance(params, dict) else {}
    kept = {name: value for name, value in given.items() if name not in _RESERVED_PARAMS}
    return Event(str(body["action"]), client, kept, str(body.get("eventSalt") or ""), moment), []


def email_error(event: Event, profile: Profile) -> ItemError | None:
    """`params.email`, if sent, must be the profile's; that a mismatch is a 400 is the sandbox's choice."""
    given = event.params.get("email")
    if given is None or given == profile.identifiers.get("email"):
        return None
    return ItemError("params.email", "params.email must equal the e-mail of the profile", given)


def _action_errors(action: object) -> Iterator[ItemError]:
    if not isinstance(action, str) or not _ACTION.fullmatch(action):
        yield ItemError("action", "action must match ^[a-zA-Z0-9\\.\\-_]+$", action)
    elif len(action) > _LONGEST_ACTION:
        yield ItemError("action", f"action must have at most {_LONGEST_ACTION} characters", action)


def _label_errors(label: object) -> Iterator[ItemError]:
    if not isinstance(label, str) or not label:
        yield ItemError("label", "label is required and must not be empty", label)


def _client_errors(client: object, profiles: Profiles) -> Iterator[ItemError]:
    if not isinstance(client, dict):
        yield ItemError("client", "client is required and must be an object", client)
        return
    named = "id" in client or any(kind in client and profiles.identifies(kind) for kind in _CLIENT_KINDS)
    if not named:
        # Where e-mails are not unique an e-mail names nobody (Synerise docs, Non-unique emails).
        wanted = [kind for kind in _CLIENT_KINDS if profiles.identifies(kind)]
        yield ItemError("client", f"client needs at least one of {', '.join(['id', *wanted])}", client)
    if "id" in client and whole_number(client["id"]) is None:
        yield ItemError("client.id", "id must be a whole number", client["id"])
    for kind in _CLIENT_KINDS:
        if kind in client and (error := identifier_error(kind, client[kind])):
            yield ItemError(f"client.{kind}", error.message, error.rejected)


def _salt_errors(salt: object) -> Iterator[ItemError]:
    if salt is not None and not isinstance(salt, str):
        yield ItemError("eventSalt", "eventSalt must be a string", salt)


def _moment(given: object, now: float) -> float | None:
    """None where it is no date. A future time is replaced by now, which makes the salt useless."""
    if given is None:
        return now
    if not isinstance(given, str):
        return None
    try:
        parsed = datetime.fromisoformat(given)
    except ValueError:
        return None
    moment = (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
    return min(moment, now)
