"""When a day begins that somebody typed: at the midnight of each workspace, as in its reports."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_

from resign.ledger.tables import Decision
from resign.search.query import Query

Zones = Mapping[str, ZoneInfo]
IN_UTC: Zones = MappingProxyType({})
# No midnight anywhere is farther from that of UTC.
_FARTHEST = timedelta(hours=15)


def within_days(query: Query, workspaces: Sequence[str], zones: Zones) -> Iterator[ColumnElement[bool]]:
    """Conditions on decisions. Workspaces without a zone are in UTC."""
    if query.after is None and query.before is None:
        return
    alike: dict[tuple[datetime | None, datetime | None], list[str]] = {}
    for name in workspaces:
        zone = zones.get(name)
        alike.setdefault((_midnight(query.after, zone), _midnight(query.before, zone)), []).append(name)
    spans = [
        and_(Decision.workspace.in_(names), *_between(*edges)) if len(alike) > 1 else and_(*_between(*edges))
        for edges, names in alike.items()
    ]
    yield or_(*spans)


def at_the_widest(query: Query) -> tuple[datetime | None, datetime | None]:
    """Nothing of these days is outside, in whatever zone."""
    return _moved(_midnight(query.after), -_FARTHEST), _moved(_midnight(query.before), _FARTHEST)


def _between(after: datetime | None, before: datetime | None) -> Iterator[ColumnElement[bool]]:
    if after is not None:
        yield Decision.at >= after
    if before is not None:
        yield Decision.at < before


def _midnight(day: date | None, zone: ZoneInfo | None = None) -> datetime | None:
    """Where the clocks skip it, the moment at which they do. Of the first and last day that there are, that of UTC."""
    if day is None:
        return None
    try:
        return datetime.combine(day, time(), zone or UTC).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time(), UTC)


def _moved(at: datetime | None, by: timedelta) -> datetime | None:
    try:
        return at and at + by
    except OverflowError:
        return at
