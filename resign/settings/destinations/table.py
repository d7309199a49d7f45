"""One destination's table: its values are taken out one by one, so that what is left is unknown."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

from resign.settings.parse import toml_table

Network = IPv4Network | IPv6Network

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,29}[a-z0-9])?")
# The ways to Synerise, which the workspace's own settings describe.
_TAKEN = re.compile(r"synerise(?:-.*)?")
_MOST = 20


class Table:
    """`name` is the destination's. Every fault begins with it."""

    def __init__(self, name: str, values: Mapping[str, Any]) -> None:
        self.name = name
        self._values = dict(values)

    def fault(self, says: str) -> ValueError:
        return ValueError(f"destination {self.name}: {says}")

    def has(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str, default: str | None = None) -> str:
        value = self._values.pop(key, default)
        if not isinstance(value, str) or not value.strip():
            raise self.fault(f"give {key} as text in quotes")
        return value.strip()

    def word(self, key: str, *allowed: str, default: str | None = None) -> str:
        value = self._values.pop(key, default)
        if value not in allowed:
            raise self.fault(f"{key} is one of: {', '.join(allowed)}")
        return str(value)

    def yes(self, key: str, *, default: bool = False) -> bool:
        value = self._values.pop(key, default)
        if not isinstance(value, bool):
            raise self.fault(f"{key} is true or false")
        return value

    def whole(self, key: str, least: int, most: int, default: int) -> int:
        value = self._values.pop(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.fault(f"{key} is a whole number from {least} to {most}")
        return value

    def several(self, key: str) -> tuple[str, ...]:
        """Texts; a single one may stand without brackets. None given is an empty tuple."""
        value = self._values.pop(key, [])
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(each, str) and each.strip() for each in found):
            raise self.fault(f"give {key} as a list of texts in quotes")
        return tuple(each.strip() for each in found)

    def secret(self, key: str) -> str | None:
        """The value, or what stands in the file that `KEY_file` names."""
        value, path = self._values.pop(key, None), self._values.pop(f"{key}_file", None)
        if value is not None and path is not None:
            raise self.fault(f"{key} is given twice, as itself and as {key}_file; keep one")
        if path is not None:
            try:
                value = Path(path).read_text(encoding="utf-8").strip("\n")
            except (OSError, ValueError, TypeError):
                raise self.fault(
                    f"the file of {key}_file cannot be read; check its path and its permissions"
                ) from None
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise self.fault(f"give {key} as text in quotes")
        return value

    def networks(self) -> tuple[Network, ...]:
        """`networks`: what is not on the public internet and may be called all the same."""
        try:
            return tuple(ip_network(each) for each in self.several("networks"))
        except ValueError:
            raise self.fault('networks are written as "10.0.0.0/8" or "192.168.7.4/32"') from None

    def table(self, key: str) -> Mapping[str, Any]:
        value = self._values.pop(key, {})
        if not isinstance(value, Mapping):
            raise self.fault(f"{key} is a table")
        return value

    def nothing_else(self) -> None:
        if self._values:
            raise self.fault(f"there is no {min(self._values)[:40]!r}")


def tables(given: str | Mapping[str, Any]) -> Iterator[Table]:
    given = toml_table(given, _MOST)
    for name, values in given.items():
        if not _NAME.fullmatch(name) or _TAKEN.fullmatch(name):
            raise ValueError(
                f"{name[:40]!r} cannot be a destination's name: up to 31 small letters, digits and hyphens, "
                "and not synerise"
            )
        if not isinstance(values, Mapping):
            raise ValueError(f"{name} is no table; begin it with [{name}]")  # noqa: TRY004 - a fault of the settings
        yield Table(name, values)
