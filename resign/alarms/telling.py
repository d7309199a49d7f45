"""The worker's chore that tells of alarms: when one is raised, rises, lasts for another six hours, and clears."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from resign.alarms.book import put_off, take, told, weigh
from resign.alarms.named import Named
from resign.alarms.seen import alarms
from resign.clock import Clock
from resign.db import Database

log = logging.getLogger(__name__)

_AGAIN = timedelta(seconds=30)


class Receiver(Protocol):
    def post(self, number: UUID, content: Mapping[str, object], now: datetime) -> str: ...

    def close(self) -> None: ...


class Telling:
    """One `step` looks, and tells one thing. What cannot be told is kept, and tried again in the next round."""

    def __init__(self, database: Database, receiver: Receiver, clock: Clock, named: Named) -> None:
        self._database = database
        self._named = named
        self._receiver = receiver
        self._clock = clock
        self._failing = ""

    def step(self) -> bool:
        """True where there is more to be told."""
        now = self._clock.now()
        with self._database.writing() as session:
            weigh(session, alarms(session, now, self._named), now)
            telling = take(session, now)
            session.commit()
        if telling is None:
            return False
        why = self._receiver.post(telling.number, telling.as_json(), now)
        now = self._clock.now()
        with self._database.writing() as session:
            if why:
                put_off(session, telling, now + _AGAIN)
            else:
                told(session, telling, now)
            session.commit()
        self._say(why)
        return True

    def close(self) -> None:
        self._receiver.close()

    def _say(self, why: str) -> None:
        """Once, when it begins and when it ends: it is tried twice a minute. The address may hold a secret."""
        if why and why != self._failing:
            log.error("The webhook for alarms cannot be reached (%s); trying again", why)
        elif self._failing and not why:
            log.warning("The webhook for alarms is reached again")
        self._failing = why
