"""People whom support looks after: they decide, the worker tells it, the index hears of it."""

from typing import Any

from sqlalchemy import insert, select

from resign.db import Database
from resign.ids import reference
from resign.notices.notice import Notice, row
from resign.notices.tables import NoticeRow
from resign.outbox.worker import Worker
from resign.profile import Profile
from resign.search.indexer import Indexer
from resign.settings import Settings
from resign.staff.tables import Deed
from tests.support.clock import StandingClock
from tests.support.decisions import ANNA, DIGEST_KEY, decision, record
from tests.support.destination import Say, ScriptedDestination


class LookedAfter:
    def __init__(self, database: Database, settings: Settings, clock: StandingClock) -> None:
        self.database, self.settings, self.clock = database, settings, clock
        self._indexer = Indexer(database, clock)

    def decides(self, profile: Profile = ANNA, choice: str = "opt-out", **more: Any) -> str:
        """A minute after whatever came last; gives the reference."""
        self.clock.advance(minutes=1)
        made = decision(self.clock, profile, choice, **more)
        record(self.database, made)
        while self._indexer.step():
            pass
        return reference(made.id)

    def is_told(self, tell: Say | None = None, look: Say | None = None) -> None:
        """The worker tells what is owed, and a second later reads it back."""
        destination = ScriptedDestination(tell, look)
        lanes = {name: [destination] for name in self.settings.workspaces}
        worker = Worker(self.database, self.settings.workspaces, lanes, self.clock, deliveries=2)
        worker.drain()
        self.clock.advance(seconds=1)
        worker.drain()
        worker.finish()

    def hears(self, action: str, *profiles: Profile, **more: Any) -> None:
        """Synerise tells of an event."""
        self.clock.advance(minutes=1)
        notice = Notice("default", action, profiles or (ANNA,), self.clock.now())
        values = {**row(notice, DIGEST_KEY, self.clock.now()), "verdict": None, **more}
        with self.database.writing() as session:
            session.execute(insert(NoticeRow).values(**values))
            session.commit()

    def deeds(self) -> list[Deed]:
        with self.database.reading() as session:
            return list(session.scalars(select(Deed).order_by(Deed.id)))


def person_path(profile: Profile = ANNA, workspace: str = "default") -> str:
    return f"/console/people/{workspace}/{profile.digest(DIGEST_KEY)}"
