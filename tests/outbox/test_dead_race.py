"""A dead letter is sent again at the very moment when a newer decision takes its place: the newer one has the last word.

On PostgreSQL two sessions do so at once, each on a connection of its own. On SQLite the writer is alone anyway.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from resign.ledger.directly import append
from resign.outbox.contract import Refused
from resign.outbox.dead import retry
from resign.outbox.fanout import fan_out
from tests.outbox.test_worker import run_for
from tests.support.decisions import choices, decision, record, states
from tests.support.destination import ScriptedDestination

DIGEST_KEY = b"digest-secret-of-the-tests"
WAITING = text(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@pytest.fixture
def dead(database, clock, make_worker):
    """One dead opt-in."""
    record(database, decision(clock, choice="opt-in"))
    run_for(make_worker(ScriptedDestination(tell=lambda _: Refused("400"))), clock, seconds=1)
    assert states(database) == ["dead"]


@contextmanager
def uncommitted(database, work: Callable):
    """A session in a thread of its own that has done its work; leaving the block commits it."""
    done, go = threading.Event(), threading.Event()

    def hold() -> int:
        with database.writing() as session:
            count = work(session)
            done.set()
            go.wait(20)
            session.commit()
        return count

    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(hold)
        try:
            assert done.wait(20)
            yield held
        finally:
            go.set()
        held.result(20)


def fanned_out(database, clock) -> Callable:
    return lambda session: fan_out(
        session, ["default"], lambda *_: ["synerise"], lambda _: DIGEST_KEY, clock.now()
    )


def sent_again(database, clock) -> int:
    with database.writing() as session:
        count = retry(session, clock.now())
        session.commit()
    return count


def test_a_retry_waits_for_the_fan_out_and_then_sees_what_overtook_it(database, clock, dead):
    record(database, decision(clock))
    with ThreadPoolExecutor(1) as pool:
        retried: Future[int]
        with uncommitted(database, fanned_out(database, clock)):
            retried = pool.submit(sent_again, database, clock)
            wait_until_it_waits(database, retried)
        assert retried.result(20) == 0
    assert states(database) == ["dead", "owed"]


def test_a_fan_out_waits_for_the_retry_and_then_supersedes_it(database, clock, dead, make_worker):
    with uncommitted(database, lambda session: retry(session, clock.now())) as retried:
        if not database.is_sqlite:
            record(database, decision(clock))
            with database.writing() as session:
                assert fanned_out(database, clock)(session) == 0, "it comes again a moment later"
    assert retried.result() == 1
    if database.is_sqlite:
        record(database, decision(clock))
    with database.writing() as session:
        assert fanned_out(database, clock)(session) == 1
        session.commit()
    assert states(database) == ["superseded", "owed"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_opt_in_committed_late_is_not_told_after_what_was_decided_there(database, clock):
    """Its number is the lower one. Nothing is owed for the newer, so no message of that stands in its way."""
    grant = decision(clock, choice="opt-in", method="preferences")
    with uncommitted(database, lambda session: append(session, [grant])):
        record(database, decision(clock, method="synerise"))
        taken(database, clock)
    taken(database, clock)
    assert choices(database) == ["opt-in", "opt-out"]
    assert states(database) == ["superseded"]


def taken(database, clock) -> None:
    def owed_to(workspace: str, method: str, agreement: str) -> list[str]:
        return [] if method == "synerise" else ["synerise"]

    with database.writing() as session:
        fan_out(session, ["default"], owed_to, lambda _: DIGEST_KEY, clock.now())
        session.commit()


def wait_until_it_waits(database, retried: Future) -> None:
    """Until the other session is seen to wait for its lock; on SQLite it waits for the writer's turn."""
    deadline = time.monotonic() + 10
    while not database.is_sqlite and time.monotonic() < deadline:
        with database.reading() as session:
            if session.scalar(WAITING):
                return
        assert not retried.done(), "it did not wait"
        time.sleep(0.01)
    assert database.is_sqlite or not retried.done()
