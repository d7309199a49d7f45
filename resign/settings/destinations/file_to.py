"""A place that gets files: which rows, how they are written, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, cast

from cronsim import CronSim, CronSimError

from resign.settings.destinations.columns import Column, columns, values
from resign.settings.destinations.place import PLACES, Place
from resign.settings.destinations.table import Network, Table

FileFormat = Literal["csv", "xml", "json", "jsonl"]
Content = Literal["changes", "all", "suppression"]
Address = Literal["plain", "keyed", "sha256"]
AT_ONCE = "at-once"

_LIKE_SYNERISE = tuple(Column(name, name) for name in ("email", "agreement", "choice", "at"))
_WHO = {
    "plain": (Column("email", "email"),),
    "keyed": (Column("hash", "hash"),),
    "sha256": (Column("hash", "hash"),),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTo:
    """`schedule` is None for at once, or a cron expression in the workspace's time zone. Opt-outs never wait for it.

    `agreements` are those that it hears of, none for every one; `networks` are not on the public internet and may be
    gone to all the same. `most_seconds` is how long one file may take.
    """

    name: str
    kind: str
    place: Place
    format: FileFormat = "csv"
    content: Content = "changes"
    address: Address = "plain"
    schedule: str | None = None
    columns: tuple[Column, ...] = _LIKE_SYNERISE
    values: Mapping[str, str] = field(default_factory=dict)
    agreements: tuple[str, ...] = ()
    networks: tuple[Network, ...] = ()
    most_seconds: int = 1800


def file_to(kind: str, table: Table) -> FileTo:
    place = PLACES[kind](table)
    content = cast("Content", table.word("content", "changes", "all", "suppression", default="changes"))
    address = cast("Address", table.word("address", "plain", "keyed", "sha256", default="plain"))
    if address != "plain" and content != "suppression":
        raise table.fault("address is for content = 'suppression'")
    usual = _WHO[address] if content == "suppression" else _LIKE_SYNERISE
    wanted = columns(table, usual)
    _fit(table, wanted, address)
    return FileTo(
        name=table.name,
        kind=kind,
        place=place,
        format=cast("FileFormat", table.word("format", "csv", "xml", "json", "jsonl", default="csv")),
        content=content,
        address=address,
        schedule=_schedule(table, content),
        columns=wanted,
        values=values(table),
        agreements=table.several("agreements"),
        networks=table.networks(),
        most_seconds=table.whole("most_seconds", 10, 86_400, 1800),
    )


def _fit(table: Table, wanted: tuple[Column, ...], address: Address) -> None:
    """Whoever asked for hashes must not get addresses beside them."""
    clear = {"email", "customId", "clientId", "identifier"} & {column.what for column in wanted}
    if address != "plain" and clear:
        raise table.fault(f"columns: with address = '{address}' nobody stands there in clear; use hash")
    if address == "plain" and "hash" in {column.what for column in wanted}:
        raise table.fault("columns: hash is for content = 'suppression' with address = 'keyed' or 'sha256'")


def _schedule(table: Table, content: Content) -> str | None:
    """Everybody's state for every press would be too much: those are written on a schedule only."""
    if not table.has("schedule") and content != "changes":
        raise table.fault(
            f"schedule is missing: with content = '{content}' give a cron expression such as '30 2 * * *'. "
            "Opt-outs are sent at once all the same"
        )
    given = table.text("schedule", AT_ONCE)
    if given == AT_ONCE:
        if content != "changes":
            raise table.fault(f"schedule: '{AT_ONCE}' is for content = 'changes'; give a cron expression")
        return None
    try:
        next(CronSim(given, datetime(2026, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration):
        raise table.fault(
            f"schedule is '{AT_ONCE}' or a cron expression with five fields, such as '30 2 * * *'"
        ) from None
    return given
