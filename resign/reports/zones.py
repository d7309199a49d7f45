"""Whose midnight ends a day: each workspace's own."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.reports.span import Span
from resign.reports.tables import RollupZone
from resign.settings import Workspace


def zones_of(workspaces: Mapping[str, Workspace]) -> dict[str, ZoneInfo]:
    return {name: workspace.time_zone for name, workspace in workspaces.items()}


class Zones:
    """The zones that days are counted in: as the first count found them, so that no day is counted by two midnights."""

    def __init__(self, wanted: Mapping[str, ZoneInfo], stored: Mapping[str, str]) -> None:
        self._wanted = wanted
        self._stored = stored
        self._zones = {**wanted, **{name: ZoneInfo(zone) for name, zone in stored.items()}}

    def day_of(self, workspace: str, at: datetime) -> date:
        return at.astimezone(self._zones.get(workspace, UTC)).date()

    def name_of(self, workspace: str) -> str:
        return self._zones[workspace].key if workspace in self._zones else "UTC"

    def missing(self) -> dict[str, str]:
        """Workspaces that are counted for the first time."""
        return {name: zone.key for name, zone in self._wanted.items() if name not in self._stored}

    def changed(self) -> list[str]:
        """Workspaces that the settings have moved since: their days wait for a rebuild."""
        return sorted(
            name for name, zone in self._wanted.items() if self._stored.get(name, zone.key) != zone.key
        )


def edges(session: Session, workspace: str, span: Span) -> tuple[datetime, datetime]:
    """From when until before when a span's days last, by the midnights that they were counted by."""
    zone = ZoneInfo(stored_zones(session).get(workspace, "UTC"))
    first, after = (
        datetime.combine(day, time(), zone) for day in (span.first, span.last + timedelta(days=1))
    )
    return first.astimezone(UTC), after.astimezone(UTC)


def stored_zones(session: Session) -> dict[str, str]:
    return dict(session.execute(select(RollupZone.workspace, RollupZone.zone)).all())
