"""Reads the body of an outgoing integration: JSON or form fields, hostile like every input."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from resign.notices.notice import Notice
from resign.profile import KINDS, BadProfile, Kind, Profile
from resign.settings import Workspace

FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 50
_MOST_TEXT = 64
_MOST_WORD = 32
_MOST_TOKEN = 1_200
_MOST_EPOCH = 10_000_000_000
_NUMBER = re.compile(r"\d{1,15}")
_NAMES: dict[Kind, tuple[str, ...]] = {
    "email": ("email",),
    # customId is called custom_identify in Synerise's interface.
    "customId": ("customId", "custom_identify"),
    "clientId": ("clientId", "id"),
}
# Where e-mails are not unique an address names nobody.
_BEST: dict[str, tuple[Kind, ...]] = {"unique": KINDS, "non-unique": ("customId", "clientId")}


class BadBody(Exception):
    """The body cannot be understood; the message names the cause and quotes nothing of it."""


def fields_of(raw: bytes, content_type: str) -> Mapping[str, object]:
    """The body's fields; BadBody for anything that is not one flat object."""
    if content_type.partition(";")[0].strip().lower() == FORM:
        try:
            return dict(parse_qsl(raw.decode("utf-8"), max_num_fields=_MOST_FIELDS))
        except ValueError:
            raise BadBody("not a form") from None
    try:
        fields = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadBody("not JSON") from None
    if not isinstance(fields, dict):
        raise BadBody("not a JSON object")
    return fields


def notice_of(fields: Mapping[str, object], workspace: Workspace) -> Notice:
    """What the fields say; BadBody where they name no event or nobody that Synerise could know."""
    action = _text(fields, "action", _MOST_WORD)
    if action is None:
        raise BadBody("no action")
    profiles = tuple(_profiles(fields, workspace))
    if not profiles:
        raise BadBody("nobody is named")
    return Notice(
        workspace=workspace.name,
        action=action,
        profiles=profiles,
        at=_time(fields.get("time")),
        campaign=_text(fields, "campaign", _MOST_TEXT),
        variant=_text(fields, "variant", _MOST_TEXT),
        way=_text(fields, "method", _MOST_WORD),
        evidence=_text(fields, "evidence", _MOST_WORD),
        token=_text(fields, "token", _MOST_TOKEN),
    )


def _profiles(fields: Mapping[str, object], workspace: Workspace) -> list[Profile]:
    """Every identifier that is given and good. A missing insert arrives as an empty string."""
    found = []
    for kind in _BEST[workspace.synerise_emails]:
        for name in _NAMES[kind]:
            value = fields.get(name)
            if isinstance(value, int) and not isinstance(value, bool):
                value = str(value) if abs(value) < 1 << 63 else ""
            if not isinstance(value, str) or not value.strip():
                continue
            try:
                found.append(Profile.of(kind, value))
            except BadProfile:
                continue
            break
    return found


def _text(fields: Mapping[str, object], name: str, most: int) -> str | None:
    value = fields.get(name)
    if not isinstance(value, str):
        return None
    kept = "".join(letter for letter in value if letter.isprintable() and not "\ud800" <= letter <= "\udfff")
    return kept.strip()[:most] or None


def _time(value: object) -> datetime | None:
    """ISO 8601 or seconds or milliseconds since 1970, in UTC; None for whatever cannot be a time.

    In which of these forms an insert prints an event's time is not documented.
    """
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = int(value)
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value if value < _MOST_EPOCH else value / 1000, UTC)
        if isinstance(value, str):
            read = datetime.fromisoformat(value.strip())
            return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None
