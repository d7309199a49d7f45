"""An opt-in is taken up at the very moment when the system that it goes to decides an opt-out: it hears of that after it.

On PostgreSQL two sessions do so at once. On SQLite the writer is alone anyway.
"""

import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from resign.outbox.claim import claim
from resign.outbox.fanout import fan_out
from resign.outbox.tables import MessageRow
from tests.support.decisions import DIGEST_KEY, decision, record

WAITING = text(
    "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype IN ('transactionid', 'tuple')"
    " AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())"
)


def fanned_out(database, clock) -> int:
    with database.writing() as session:
        count = fan_out(
            session,
            ["default"],
            lambda _workspace, origin, _agreement: [] if origin == "crm" else ["crm"],
            lambda _: DIGEST_KEY,
            clock.now(),
        )
        session.commit()
    return count


def wait_until_it_waits(database, fanning: Future) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with database.reading() as session:
            if session.scalar(WAITING):
                return
        assert not fanning.done(), "it did not wait"
        time.sleep(0.01)
    raise AssertionError("it was not seen to wait")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("is_taken_up", [True, False])
def test_an_opt_in_that_is_just_being_taken_up_is_followed_by_the_opt_out(database, clock, is_taken_up):
    record(database, decision(clock, choice="opt-in"))
    fanned_out(database, clock)
    with ThreadPoolExecutor(1) as pool:
        with database.writing() as session:
            assert [each.message.choice for each in claim(session, clock.now(), 10, ["default"])] == [
                "opt-in"
            ]
            record(database, decision(clock, origin="crm", method="api"))
            fanning = pool.submit(fanned_out, database, clock)
            wait_until_it_waits(database, fanning)
            if is_taken_up:
                session.commit()
            else:
                session.rollback()
        assert fanning.result(20) == 1
    with database.reading() as session:
        told = session.execute(
            select(MessageRow.decision_seq, MessageRow.state).order_by(MessageRow.id)
        ).all()
    assert told == [(1, "superseded"), *([(2, "owed")] if is_taken_up else [])]
