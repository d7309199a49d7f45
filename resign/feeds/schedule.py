"""When the next scheduled file is due: a cron expression in the workspace's time zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim


def next_due(expression: str, zone: ZoneInfo, after: datetime) -> datetime:
    """In UTC. A time that is left out when the clocks go forward comes right after; one that comes twice is met once."""
    due: datetime = next(CronSim(expression, after.astimezone(zone)))
    return due.astimezone(UTC)
