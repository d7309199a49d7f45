"""Reads the body of an outgoing integration: JSON or form fields, hostile like every input.

Synerise makes the body by putting inserts between quotation marks, and nothing in them is escaped: a campaign's name
can break the JSON, or bring fields of its own. An opt-out must not be lost by it, and nobody else be opted out.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from resign.inbound.stated import NATIVE, UnknownAgreement, stated
from resign.notices.notice import TURNED_OFF, TURNED_ON, Notice
from resign.profile import KINDS, BadProfile, Kind, Profile
from resign.settings import Workspace

FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 50
_MOST_TEXT = 64
_MOST_WORD = 32
_MOST_TOKEN = 1_200
# Beyond this many it is milliseconds.
_MOST_EPOCH = 10_000_000_000
# Nothing happened in Synerise before; it is an empty date of some system.
_EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"[0-9]{1,15}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
    r"(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)"
)
# What is looked for in JSON that is broken. Evidence and tokens are not: they would gain by being smuggled in.
_SALVAGED = ("action", "email", "customId", "clientId", "time", "method", "agreement", "value", "choice")
_NOTHING_SAID = "agreement.unsaid"
# Of broken JSON an opt-out is believed, and an opt-in may be what an insert smuggled in.
_IS_SALVAGED = "salvaged"
_VALUE = re.compile(r'\s{0,9}"([^"\\]{0,300})"\s{0,9}(?:,\s{0,9}"|\}|\Z)')
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
    """The body's fields; BadBody for anything that is not one flat object.

    Bytes that are no UTF-8 spoil their own field only, and JSON that is broken is salvaged.
    """
    text = raw.decode("utf-8-sig", errors="replace")
    if content_type.partition(";")[0].strip().lower() == FORM:
        try:
            return _firsts(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
        except ValueError:
            raise BadBody("not a form") from None
    try:
        # Not strict: a line break in a name is a line break.
        fields = json.loads(text, object_pairs_hook=_firsts, strict=False)
    except (ValueError, RecursionError):
        return _salvaged(text)
    if not isinstance(fields, dict):
        raise BadBody("not a JSON object")
    return fields


def _firsts(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Of several fields of one name the first: an insert can only smuggle in what comes behind it."""
    fields: dict[str, object] = {}
    for name, value in pairs:
        fields.setdefault(name, value)
    return fields


def _salvaged(text: str) -> dict[str, object]:
    """What can be read of broken JSON, each field where its name stands first; BadBody where it does not do.

    A value that does not end where it seems to is left out, so that half of an identifier names nobody.
    """
    fields: dict[str, object] = {}
    for name in _SALVAGED:
        begins = re.search(rf'"{name}"\s{{0,9}}:', text)
        if begins and (value := _VALUE.match(text, begins.end())):
            fields[name] = value[1]
    if not fields.get("action") or not any(fields.get(kind) for kind in KINDS):
        raise BadBody("not JSON")
    return {**fields, _IS_SALVAGED: True}


def notice_of(fields: Mapping[str, object], workspace: Workspace) -> Notice:
    """What the fields say; BadBody where they name no event or nobody that Synerise could know."""
    event = action = _text(fields, "action", _MOST_WORD)
    try:
        about, choice = stated(fields, workspace) or (NATIVE, None)
    except UnknownAgreement:
        raise BadBody("no such agreement") from None
    if choice == "opt-in" and fields.get(_IS_SALVAGED):
        choice = None
    if choice is not None:
        action = TURNED_OFF if choice == "opt-out" else TURNED_ON
    elif about != NATIVE or fields.get("agreement") or fields.get("preset"):
        # The attribute is empty, or holds something that is neither yes nor no: nothing was said of it.
        action = _NOTHING_SAID
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
        way=_text(fields, "method", _MOST_WORD)
        or (_text(fields, "preset", _MOST_WORD) or event if choice is not None else None),
        evidence=_text(fields, "evidence", _MOST_WORD),
        token=_text(fields, "token", _MOST_TOKEN),
        agreement=about,
    )


def _profiles(fields: Mapping[str, object], workspace: Workspace) -> list[Profile]:
    """Every identifier that is given, good and was readable. A missing insert arrives as an empty string."""
    found = []
    for kind in _BEST[workspace.synerise_emails]:
        for name in _NAMES[kind]:
            value = fields.get(name)
            if isinstance(value, int) and not isinstance(value, bool):
                value = str(value) if abs(value) < 1 << 63 else ""
            if not isinstance(value, str) or not value.strip() or "\ufffd" in value:
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
    """ISO 8601 with date, time and zone, or seconds or milliseconds since 1970; in UTC, from 2010 on.

    In which form an insert prints an event's time is not documented. None for everything else: a day alone or a
    time without a zone would make an opt-out older than it is, and something newer here would win over it.
    """
    if isinstance(value, str):
        value = value.strip()
        if _NUMBER.fullmatch(value):
            value = int(value)
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            read = datetime.fromtimestamp(value if value < _MOST_EPOCH else value / 1000, UTC)
        elif isinstance(value, str) and _INSTANT.fullmatch(value):
            read = datetime.fromisoformat(value).astimezone(UTC)
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    return read if read >= _EARLIEST else None
