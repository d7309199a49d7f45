"""The small sign in every page's header: how many alarms there are for whoever is signed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from resign.alarms.alarm import Alarm, Level
from resign.alarms.seen import alarms
from resign.console.access import mine
from resign.console.desk import desk

_LAST = "deliveries.alarms"
_FRESH = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Sign:
    count: int
    worst: Level


@dataclass(frozen=True, slots=True)
class _Look:
    at: datetime
    raised: list[Alarm]


def alarm_sign() -> Sign | None:
    """None where there is nothing to see, or nobody who looks after it; a database that is away is said elsewhere.

    It may be ten seconds old: every page carries it, and the look costs more the more was refused.
    """
    if not mine("operator"):
        return None
    now, last = desk().clock.now(), current_app.extensions.get(_LAST)
    if last is None or now - last.at >= _FRESH:
        try:
            last = _Look(now, _raised(now))
        except (SQLAlchemyError, OSError):
            return None
        current_app.extensions[_LAST] = last
    mine_of_them = _mine(last.raised)
    return Sign(len(mine_of_them), mine_of_them[0].level) if mine_of_them else None


def raised_for_me() -> list[Alarm]:
    """Those about the workspaces that somebody looks after, and about the whole installation; as they are now."""
    now = desk().clock.now()
    current_app.extensions[_LAST] = last = _Look(now, _raised(now))
    return _mine(last.raised)


def _raised(now: datetime) -> list[Alarm]:
    with desk().database.reading() as session:
        return alarms(session, now, desk().settings.named)


def _mine(raised: list[Alarm]) -> list[Alarm]:
    whose = mine("operator")
    return [alarm for alarm in raised if whose and alarm.workspace in {"", *whose}]
