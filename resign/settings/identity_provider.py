"""The identity provider by which staff may sign in to the console: its address, and which of its groups have which roles."""

import re
from collections.abc import Collection, Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

from resign.settings.parse import is_this_machine, toml_table

# As `resign.staff.roles` has them, which the settings cannot see.
ROLES = ("support", "marketer", "operator", "admin")
EVERYWHERE = "*"
_GRANT = re.compile(r"([a-z]+)@(\*|[a-z0-9][a-z0-9-]{0,30})")
_MOST = 200
_WHOLE = ("oidc_issuer", "oidc_client_id", "oidc_client_secret", "oidc_groups")
Grants = tuple[tuple[str, str], ...]


class Row(Protocol):
    """What is asked of a row of the table of settings."""

    @property
    def variable(self) -> str: ...
    @property
    def remedy(self) -> str | None: ...


def issuer(value: str) -> str:
    """Compared letter by letter with what the provider says of itself, so nothing is made of it (OIDC Discovery §4.3)."""
    refusal = ValueError("write it as the provider does, such as https://login.example.com/realms/staff")
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise refusal from None
    if not host or port == 0 or parts.query or parts.fragment or re.search(r"\s", value):
        raise refusal
    if parts.scheme != "https" and not (parts.scheme == "http" and is_this_machine(host)):
        raise ValueError("write it with https://; http:// will do for this machine alone")
    return value


def scope(value: str) -> str:
    if "openid" not in value.split():
        raise ValueError("give words parted by blanks, openid among them")
    return " ".join(value.split())


def groups(given: str | Mapping[str, Any]) -> Mapping[str, Grants]:
    """By group the pairs of role and workspace; `*` is everywhere. A table, or the same as TOML text."""
    given = toml_table(given, _MOST)
    return {group: _grants(group, listed) for group, listed in given.items()}


def faults(house: Mapping[str, Any], rows: Mapping[str, Row], workspaces: Collection[str]) -> list[str]:
    """It is given whole or not at all, and grants nothing in a workspace that there is not."""
    given = [key for key in _WHOLE if house[key]]
    missing = [rows[key] for key in _WHOLE if not house[key]]
    if given and missing:
        wanted = " ".join(f"{row.variable} is missing. {row.remedy}." for row in missing).removesuffix(".")
        return [f"{rows[given[0]].variable}: this is not all of an identity provider. {wanted}"]
    named = {workspace for grants in house["oidc_groups"].values() for _, workspace in grants}
    unknown = sorted(named - {EVERYWHERE, *workspaces}) if workspaces else []
    return [f"{rows['oidc_groups'].variable}: there is no workspace {', '.join(unknown)}"] if unknown else []


def _grants(group: str, listed: object) -> Grants:
    refusal = ValueError(
        f'{group[:40]!r}: give a list such as ["support@shop", "admin@*"]: '
        f"a role ({', '.join(ROLES)}), @, and a workspace or * for all of them"
    )
    if not isinstance(listed, list) or not listed:
        raise refusal
    found = [_GRANT.fullmatch(each) if isinstance(each, str) else None for each in listed]
    pairs = [(each[1], each[2]) for each in found if each is not None and each[1] in ROLES]
    if len(pairs) < len(listed):
        raise refusal
    return tuple(dict.fromkeys(pairs))
