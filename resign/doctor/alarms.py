"""The alarms that are raised at this moment, but for those about single destinations, which are named with their workspaces."""

from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from resign.alarms.named import Named
from resign.alarms.seen import alarms
from resign.clock import Clock
from resign.db import Database
from resign.doctor.finding import Finding
from resign.doctor.storage import is_there

_NAMED_ELSEWHERE = {"held", "stopped", "elsewhere"}


def examine_alarms(database: Database, clock: Clock, named: Named) -> Iterator[Finding]:
    if not is_there(database):
        return
    try:
        with database.reading() as session:
            found = alarms(session, clock.now(), named)
    except (SQLAlchemyError, OSError):
        return  # what ails the storage has been said already
    for alarm in (each for each in found if each.name not in _NAMED_ELSEWHERE):
        where = f" of {alarm.workspace}" if alarm.workspace else ""
        yield Finding(
            "mind" if alarm.level == "notice" else "ill",
            f"alarm {alarm.name}{where}, {alarm.level}, since {alarm.since:%Y-%m-%d %H:%M} UTC",
            alarm.meaning,
        )
