"""Whatever happens in whatever order, the rollups come to what a recount straight from the ledger says."""

import random
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from sqlalchemy import delete, select

from resign.db import Table
from resign.ledger import pauses, reasons
from resign.ledger.directly import append
from resign.ledger.tables import Decision
from resign.notices.notice import Notice, row
from resign.notices.tables import NoticeRow
from resign.outbox.contract import Accepted, Busy, Confirmed, Differs
from resign.profile import Profile
from resign.reports.rollups import Rollups
from tests.outbox.conftest import make_worker
from tests.reports.conftest import WARSAW, caught_up, kept, recounted
from tests.support.decisions import DIGEST_KEY, decision
from tests.support.destination import ScriptedDestination

__all__ = ["make_worker"]

PEOPLE = [Profile("email", f"{name}@example.com") for name in ("anna", "boris")]
WAYS = ("page", "page", "one-click", "preferences", "staff", "synerise")
ACTS = (
    "decides",
    "decides",
    "decides",
    "waits",
    "waits",
    "is told",
    "counts",
    "races",
    "dies",
    "is mailed",
    "answers",
    "ends breaks",
)


class Killed(BaseException):
    """The process ends here."""


class History:
    """One run of chance: people, a worker that tells, and two that count, over one database."""

    def __init__(self, database, clock, worker, chance):
        self.database, self.clock, self.worker, self.chance = database, clock, worker, chance
        self.counters = [
            Rollups(database, {"default": WARSAW}, {"default": DIGEST_KEY}, clock) for _ in range(2)
        ]

    @contextmanager
    def writing(self):
        with self.database.writing() as session:
            yield session
            session.commit()

    def decides(self):
        choice = self.chance.choice(["opt-out", "opt-out", "opt-in"])
        pressed = decision(
            self.clock,
            self.chance.choice(PEOPLE),
            choice,
            method=self.chance.choice(WAYS),
            agreement=self.chance.choice(["newsletter", "newsletter", "alcohol"]),
            campaign=self.chance.choice([None, "spring", "summer"]),
            language=self.chance.choice([None, "pl", "en"]),
            until=self.clock.now() + timedelta(days=1)
            if choice == "opt-out" and self.chance.random() < 0.2
            else None,
        )
        with self.writing() as session:
            append(session, [pressed])

    def waits(self):
        self.clock.advance(seconds=self.chance.choice([1, 50, 3600, 3600, 11 * 3600, 26 * 3600]))

    def is_told(self):
        self.worker.drain()
        self.clock.advance(seconds=1)
        self.worker.drain()

    def counts(self):
        self.chance.choice(self.counters).step()

    def races(self):
        one, other = self.chance.sample(self.counters, 2)
        first, second = one.look(), other.look()
        if first.moved:
            assert one.write(first)
        if second.moved and first.moved:
            assert not other.write(second)

    def dies(self):
        counter = self.chance.choice(self.counters)
        found = counter.look()
        if not found.moved:
            return
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                self.chance.choice(["resign.reports.rollups.write", "sqlalchemy.orm.Session.commit"]), _killed
            )
            with suppress(Killed):
                counter.write(found)

    def is_mailed(self):
        person, campaign = self.chance.choice(PEOPLE), self.chance.choice([None, "spring", "summer"])
        at = self.clock.now() - timedelta(seconds=self.chance.uniform(0, 7200))
        notice = row(
            Notice("default", "message.sent", (person,), at=at, campaign=campaign),
            DIGEST_KEY,
            self.clock.now(),
        )
        with self.writing() as session:
            session.add(NoticeRow(**notice))
            for waiting in session.scalars(select(NoticeRow).where(NoticeRow.verdict.is_(None))):
                waiting.verdict = self.chance.choice([None, "fine", "mailed-after"])

    def answers(self):
        with self.writing() as session:
            about = session.scalar(
                select(Decision)
                .where(Decision.at > self.clock.now() - timedelta(hours=24))
                .order_by(Decision.seq.desc())
            )
            if about is not None:
                code = self.chance.choice([None, "too-many", "not-relevant"])
                reasons.keep(session, about, code=code, words="w", language="en", now=self.clock.now())
            reasons.unlink(session, self.clock.now())

    def ends_breaks(self):
        with self.writing() as session:
            pauses.end(session, self.clock.now(), {"default": DIGEST_KEY})


def _killed(*_: object) -> None:
    raise Killed


def empty(database):
    with database.writing() as session:
        for table in reversed(Table.metadata.sorted_tables):
            session.execute(delete(table))
        session.commit()


@hypothesis(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(st.sampled_from(ACTS), min_size=25, max_size=90), seed=st.integers(0, 2**32))
def test_the_rollups_equal_a_recount_from_the_ledger(database, clock, make_worker, acts, seed):
    empty(database)
    chance = random.Random(seed)
    told = [Accepted(), Accepted(), Busy(timedelta(seconds=5))]
    seen = [Confirmed(), Confirmed(), Differs("not yet"), Busy(None)]
    destination = ScriptedDestination(tell=lambda _: chance.choice(told), look=lambda _: chance.choice(seen))
    worker = make_worker(destination, deliveries=1)
    history = History(database, clock, worker, chance)
    for act in acts:
        getattr(history, act.replace(" ", "_"))()
    worker.finish()
    for counter in history.counters:
        caught_up(counter)
    assert kept(database) == recounted(database)
    history.counters[0].rebuild()
    caught_up(history.counters[1])
    assert kept(database) == recounted(database)
