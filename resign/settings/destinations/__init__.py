"""Other systems that hear of a workspace's decisions: tables in the settings file, or the same as TOML text in a variable.

Each has a `kind`, and what it needs is read by the module of that kind.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from resign.settings.destinations.file_to import FileTo, file_to
from resign.settings.destinations.place import PLACES
from resign.settings.destinations.table import Table, tables
from resign.settings.destinations.webhook import WebhookTo, webhook

__all__ = ["DestinationTo", "FileTo", "WebhookTo", "destinations"]

DestinationTo = WebhookTo | FileTo

_KINDS: Mapping[str, Callable[[Table], DestinationTo]] = {
    "webhook": webhook,
    **{kind: partial(file_to, kind) for kind in PLACES},
}


def destinations(given: str | Mapping[str, Any]) -> Mapping[str, DestinationTo]:
    """By name. Raises ValueError, whose text says what to do and quotes no secret."""
    return {table.name: _read(table) for table in tables(given)}


def _read(table: Table) -> DestinationTo:
    kind = table.word("kind", *_KINDS)
    read = _KINDS[kind](table)
    table.nothing_else()
    return read
