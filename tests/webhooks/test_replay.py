"""Sent once more: to one destination alone, the same by number, and never what something newer has overtaken."""

from datetime import UTC, datetime, timedelta

import pytest

from resign.ids import reference, reference_range
from resign.outbox.replay import Wanted, replay_some
from tests.outbox.conftest import make_worker
from tests.outbox.test_worker import run_for
from tests.support.decisions import ANNA, BORIS, decision, record
from tests.support.destination import ScriptedDestination
from tests.webhooks.test_beside_synerise import states

__all__ = ["make_worker"]


@pytest.fixture
def clock(clock):
    clock._now = datetime.now(UTC)
    return clock


@pytest.fixture
def replayed(database, clock):
    def replay(**wanted) -> int:
        with database.writing() as session:
            what = Wanted(workspace="default", destination="crm", **wanted)
            part = replay_some(session, clock.now(), what, after=0)
            session.commit()
        return part.sent

    return replay


def test_all_since_a_time_go_once_more_by_the_same_numbers_and_to_nobody_else(
    database, clock, make_worker, webhook, receiver, replayed
):
    synerise = ScriptedDestination()
    record(database, decision(clock))
    worker = make_worker(synerise, webhook())
    run_for(worker, clock, seconds=3)
    clock.advance(seconds=60)
    record(database, decision(clock, BORIS))
    run_for(worker, clock, seconds=3)
    assert replayed(since=clock.now() - timedelta(seconds=30)) == 1
    assert replayed(since=clock.now() - timedelta(seconds=300)) == 1, "the other one; this one is under way"
    worker.drain()
    assert states(database, "crm") == ["delivered", "delivered"]
    numbers = [headers["webhook-id"] for headers in receiver.headers]
    assert len(numbers) == 4
    assert len(set(numbers)) == 2
    assert len(synerise.told) == 2


def test_one_goes_once_more_by_its_reference(database, clock, make_worker, webhook, receiver, replayed):
    anna, boris = decision(clock), decision(clock, BORIS)
    record(database, anna, boris)
    worker = make_worker(webhook())
    run_for(worker, clock, seconds=3)
    clock.advance(seconds=5)
    assert replayed(ids=reference_range(reference(anna.id))) in {1, 2}  # two of one millisecond may share it
    worker.drain()
    assert receiver.posts[-1]["data"]["profile"]["email"] in {ANNA.value, BORIS.value}


def test_what_was_overtaken_is_left_out(database, clock, make_worker, webhook, receiver, replayed):
    record(database, decision(clock, ANNA, "opt-in"))
    worker = make_worker(webhook())
    run_for(worker, clock, seconds=3)
    record(database, decision(clock, ANNA, "opt-out"))
    run_for(worker, clock, seconds=3)
    receiver.posts.clear()
    assert replayed(since=clock.now() - timedelta(hours=1)) == 1
    worker.drain()
    assert [post["data"]["choice"] for post in receiver.posts] == ["opt-out"]


def test_a_dead_letter_goes_with_them(database, clock, make_worker, webhook, receiver, replayed):
    receiver.says(500)
    record(database, decision(clock))
    worker = make_worker(webhook())
    run_for(worker, clock, hours=73, stride=120)
    assert states(database, "crm") == ["dead"]
    receiver.says(200)
    assert replayed(since=clock.now() - timedelta(days=7)) == 1
    run_for(worker, clock, minutes=20)
    assert states(database, "crm") == ["delivered"]
