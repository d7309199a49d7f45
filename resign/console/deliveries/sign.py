"""The small sign in every page's header: how many alarms there are for whoever is signed in."""

from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from resign.alarms.alarm import Alarm, Level
from resign.alarms.seen import alarms
from resign.console.access import mine
from resign.console.desk import desk


@dataclass(frozen=True, slots=True)
class Sign:
    count: int
    worst: Level


def alarm_sign() -> Sign | None:
    """None where there is nothing to see, or nobody who looks after it; a database that is away is said elsewhere."""
    try:
        raised = raised_for_me()
    except (SQLAlchemyError, OSError):
        return None
    return Sign(len(raised), raised[0].level) if raised else None


def raised_for_me() -> list[Alarm]:
    """Those about the workspaces that somebody looks after, and about the whole installation."""
    whose = mine("operator")
    if not whose:
        return []
    with desk().database.reading() as session:
        return [
            alarm for alarm in alarms(session, desk().clock.now()) if alarm.workspace in {"", *whose}
        ]  # fmt: skip
