"""How each kind of setting is read from text. A ValueError here says what to do, and never quotes a secret."""

import base64
import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import time
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from resign import paths
from resign.profile import BadProfile, Profile

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

T = TypeVar("T")
KeyRing = tuple[tuple[str, str], ...]

_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,8}")
_ACTION = re.compile(r"[a-zA-Z0-9.\-_]{1,32}")
_ATTRIBUTE = re.compile("[^\r\n\u2028\u2029\u00ad\x00\ufe00-\ufe0f]{1,255}")
_INSERT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ZONE = re.compile(r"[A-Z][A-Za-z0-9_+\-/]{1,63}")
_SHORT_END = re.compile(r"@[^@]*\.[^.@]?$")
_LEAST_SECRET = 16
_MOST_DIGITS = 18
_LEAST_WEBHOOK_KEY, _MOST_WEBHOOK_KEY = 24, 64  # bytes, as Standard Webhooks asks for

# Names that Synerise ignores without a word when they come in `attributes` (php-sdk, `CreateClientRequestBody`):
# an opt-out written to one of them would answer success and change nothing.
RESERVED_ATTRIBUTES = frozenset(
    """email clientId phone customId uuid firstName lastName displayName company address city province zipCode
    countryCode birthDate sex avatarUrl anonymous agreements tags businessProfileId time ip source
    newsletter_agreement custom_identify firstname lastname created updated last_activity_date birthdate
    external_avatar_url displayname receive_smses receive_push_messages receive_webpush_messages
    receive_btooth_messages receive_rfid_messages receive_wifi_messages confirmation_hash ownerId anonymous_type
    country_id geo_loc_city geo_loc_country geo_loc_as geo_loc_country_code geo_loc_isp geo_loc_lat geo_loc_lon
    geo_loc_org geo_loc_query geo_loc_region geo_loc_region_name geo_loc_status geo_loc_timezone geo_loc_zip
    club_card_id type confirmed facebookId status""".split()
)


def text(value: str) -> str:
    if not value.strip() or "\x00" in value:
        raise ValueError("give some text")
    return value.strip()


def one_of(*allowed: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"give one of: {', '.join(allowed)}")
        return value

    return read


def toml_table(given: str | Mapping[str, Any], most: int) -> Mapping[str, Any]:
    """A table of the settings file, or the same as TOML text in a variable; with so many entries at the most."""
    if isinstance(given, str):
        try:
            given = tomllib.loads(given)
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"this is not TOML: {error}") from None
        except RecursionError:
            raise ValueError("this is not TOML: it is nested too deeply") from None
    if len(given) > most:
        raise ValueError(f"give {most} at most")
    return given


def whole(least: int, most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not (
            value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS and least <= int(value) <= most
        ):
            raise ValueError(f"give a whole number from {least} to {most}")
        return int(value)

    return read


def secret(value: str) -> str:
    if len(value.strip()) < _LEAST_SECRET:
        raise ValueError(f"give at least {_LEAST_SECRET} characters; `openssl rand -hex 32` makes a good one")
    return value.strip()


def keys(value: str) -> KeyRing:
    ring: list[tuple[str, str]] = []
    for part in value.split(","):
        key_id, colon, key = part.strip().partition(":")
        if not colon or not _KEY_ID.fullmatch(key_id) or len(key) < _LEAST_SECRET:
            raise ValueError(
                "write `id:secret,id:secret` from oldest to newest, an id of 1 to 8 letters, digits, - or _, "
                f"a secret of at least {_LEAST_SECRET} characters without a comma; "
                "`openssl rand -hex 32` makes a good one"
            )
        if key_id in dict(ring):
            raise ValueError("two keys have the same id; every key needs its own")
        ring.append((key_id, key))
    return tuple(ring)


def folder(value: str) -> Path:
    """Empty text would name the current folder, wherever the process was started."""
    if not value.strip() or "\x00" in value:
        raise ValueError("give a folder, such as /var/lib/resign")
    return Path(value)


def database_url(value: str) -> str:
    # Only where a database is named: a third of the time that a command takes to start goes into this import.
    from sqlalchemy.engine import make_url  # noqa: PLC0415
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        raise ValueError(
            "write it as postgresql://user:password@host/name or sqlite:////path/to/file.db"
        ) from None
    backend = url.get_backend_name()
    if backend not in {"sqlite", "postgresql"}:
        raise ValueError("the database is PostgreSQL or SQLite")
    if backend == "sqlite" and _is_in_memory(url):
        raise ValueError("a SQLite database in memory would forget every opt-out; name a file")
    return value


def _is_in_memory(url: "URL") -> bool:
    """Also where SQLite is given a URI: `file::memory:`, or any name with `mode=memory`."""
    name = (url.database or ":memory:").removeprefix("file:").partition("?")[0]
    return name in {"", ":memory:"} or "memory" in url.query.get("mode", "")


def origin(value: str) -> str:
    refusal = ValueError("write it as https://optout.example.com, without a path")
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port  # a port that is none shows only when it is asked for
    except ValueError:
        raise refusal from None
    if parts.scheme not in {"http", "https"} or not host or port == 0:
        raise refusal
    if re.search(r"\s", parts.netloc) or parts.path.strip("/") or parts.query:
        raise refusal
    return f"{parts.scheme}://{parts.netloc}"


def api_origin(value: str) -> str:
    """Where the API key is sent: encrypted, unless it does not leave this machine."""
    found = origin(value)
    _refuse_clear_text(found)
    return found


def address_url(value: str) -> str:
    refusal = ValueError("write the whole address, from https:// on")
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise refusal from None
    if parts.scheme not in {"http", "https"} or not host or port == 0 or re.search(r"\s", value):
        raise refusal
    _refuse_clear_text(value)
    return value


def webhook(value: str) -> str:
    """Where alarms are posted: encrypted, unless it does not leave this machine."""
    refusal = ValueError("write the whole address, from https:// on; http:// will do for this machine alone")
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise refusal from None
    if not host or port == 0 or re.search(r"\s", value) or parts.fragment:
        raise refusal
    if parts.scheme != "https" and not (parts.scheme == "http" and is_this_machine(host)):
        raise refusal
    return value


def webhook_secret(value: str) -> str:
    """As Standard Webhooks writes it."""
    try:
        key = base64.b64decode(value.strip().removeprefix("whsec_"), validate=True)
    except (ValueError, UnicodeError):
        key = b""
    if not _LEAST_WEBHOOK_KEY <= len(key) <= _MOST_WEBHOOK_KEY:
        raise ValueError(
            "write it as whsec_ and the base64 of 24 to 64 bytes; `echo whsec_$(openssl rand -base64 32)` makes one"
        )
    return value.strip()


def console_origin(value: str) -> str:
    """Where staff sign in."""
    found = origin(value)
    _refuse_clear_text(found, "passwords")
    return found


def _refuse_clear_text(url: str, what: str = "the API key") -> None:
    parts = urlsplit(url)
    if parts.scheme == "http" and not is_this_machine(parts.hostname or ""):
        raise ValueError(
            f"write it with https://, because {what} would travel in clear; "
            "http:// will do for this machine alone (127.0.0.1, ::1, localhost)"
        )


def is_this_machine(host: str) -> bool:
    """Whether a name, or an address to listen on, is reached from this machine only."""
    host = host.lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def bind(value: str) -> tuple[str, int]:
    host, _, port = value.rpartition(":")
    is_port = port.isascii() and port.isdigit() and 0 < int(port) < 65536  # noqa: PLR2004 - TCP's own
    if not is_port or not re.fullmatch(r"[^\s/]+", host):
        raise ValueError("write it as 127.0.0.1:8000")
    return host.strip("[]"), int(port)


def time_zone(value: str) -> ZoneInfo:
    """Names differ by their letters' size only on some machines, and are kept with the figures: 64 letters at most."""
    refusal = ValueError("give a name of the IANA's list, such as UTC or Europe/Warsaw")
    if not _ZONE.fullmatch(value):
        raise refusal
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder is refused as one: Europe
        raise refusal from None


def bind_or_off(value: str) -> tuple[str, int] | None:
    return None if value == "off" else bind(value)


def action(value: str) -> str:
    if not _ACTION.fullmatch(value):
        raise ValueError("an action name has 1 to 32 letters, digits, dots, hyphens or underscores")
    return value


def attribute(value: str) -> str:
    if not _ATTRIBUTE.fullmatch(value):
        raise ValueError("give the attribute's name as Synerise shows it")
    if value in RESERVED_ATTRIBUTES:
        raise ValueError(
            "Synerise ignores this name when it is sent as an attribute; "
            "use the custom attribute that holds the agreement where e-mails are not unique"
        )
    return value


def insert_name(value: str) -> str:
    """An attribute that a template can print as `{{ customer.name }}`, so without blanks and signs."""
    if not _INSERT_NAME.fullmatch(value):
        raise ValueError("the name has 1 to 64 letters, digits and underscores, and begins with no digit")
    return attribute(value)


def key_pairs(value: str) -> KeyRing:
    pairs: list[tuple[str, str]] = []
    for part in value.split(","):
        first, _, second = part.strip().partition(":")
        if len(first) < _LEAST_SECRET or len(second) < _LEAST_SECRET or ":" in second or first == second:
            raise ValueError(
                "write `first:second`, two different secrets of at least "
                f"{_LEAST_SECRET} characters without a comma or a colon; several pairs are parted by commas; "
                "`openssl rand -hex 32` makes a good secret"
            )
        pairs.append((first, second))
    return tuple(pairs)


def daily(value: str) -> time | None:
    if value == "off":
        return None
    if not re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", value):
        raise ValueError("write it as 03:00, or off")
    return time.fromisoformat(value)


def guid(value: str) -> str:
    if not _GUID.fullmatch(value):
        raise ValueError("a workspace GUID has 36 characters; Synerise shows it in the workspace's settings")
    return value


def language(value: str) -> str:
    there = languages()
    if value not in there:
        raise ValueError(f"give a language that has a catalogue: {', '.join(there)}")
    return value


def languages() -> tuple[str, ...]:
    """The tags of the languages with a catalogue. Its content is for `i18n` to read, its existence shows here."""
    files = paths.translations().glob("*/LC_MESSAGES/messages.po")
    return tuple(sorted(file.parent.parent.name.replace("_", "-") for file in files))


def contact(value: str) -> str:
    if value.startswith("https://"):
        return address_url(value)
    try:
        return Profile.of("email", value).value
    except BadProfile:
        remedy = "give an e-mail address, or a page that begins with https://"
        if _SHORT_END.search(value.strip()):
            remedy = "the address must end in two letters or more after its last dot, as in hello@example.com"
        raise ValueError(remedy) from None
