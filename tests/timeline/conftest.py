"""A person whose story is told, and everybody who writes a line of it."""

from collections.abc import Callable

import pytest
from sqlalchemy import insert, select

from resign.db import Database
from resign.ledger.tables import Decision
from resign.notices.notice import Notice, row
from resign.notices.tables import NoticeRow
from resign.outbox.worker import Worker
from resign.timeline.story import Timeline, timeline
from tests.support.clock import StandingClock
from tests.support.decisions import ANNA, DIGEST_KEY, decision, record
from tests.support.destination import ScriptedDestination


@pytest.fixture
def decided(database: Database, clock: StandingClock) -> Callable[..., None]:
    """Somebody decides something, a minute after whatever came last."""

    def act(profile=ANNA, choice="opt-out", **more) -> None:
        clock.advance(minutes=1)
        record(database, decision(clock, profile, choice, **more))

    return act


@pytest.fixture
def tell(database: Database, settings, clock: StandingClock) -> Callable[..., None]:
    """Lets the worker tell what is owed, and a second later read it back."""

    def run(tell=None, look=None) -> None:
        destination = ScriptedDestination(tell, look)
        worker = Worker(database, settings.workspaces, {"default": [destination]}, clock, deliveries=2)
        worker.drain()
        clock.advance(seconds=1)
        worker.drain()
        worker.finish()

    return run


@pytest.fixture
def heard(database: Database, clock: StandingClock) -> Callable[..., None]:
    """Synerise tells of an event."""

    def hear(action, *profiles, verdict=None, **more) -> None:
        clock.advance(minutes=1)
        notice = Notice("default", action, profiles or (ANNA,), clock.now())
        values = {**row(notice, DIGEST_KEY, clock.now()), "verdict": verdict, **more}
        with database.writing() as session:
            session.execute(insert(NoticeRow).values(**values))
            session.commit()

    return hear


@pytest.fixture
def story(database: Database, clock: StandingClock) -> Callable[..., Timeline]:
    def tell_story(profile=ANNA, **more) -> Timeline:
        with database.reading() as session:
            return timeline(session, "default", profile.digest(DIGEST_KEY), clock.now(), **more)

    return tell_story


@pytest.fixture
def newest(database: Database) -> Callable[[], Decision]:
    def look() -> Decision:
        with database.reading() as session:
            found = session.scalar(select(Decision).order_by(Decision.seq.desc()).limit(1))
            assert found is not None
            return found

    return look
