"""The door through which decisions enter: durable before the answer, shared commits, each caller its own result."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError

from resign.db import Database
from resign.ledger import Intake, LedgerUnavailable
from resign.ledger.tables import Decision
from resign.profile import Profile
from tests.support.clock import StandingClock
from tests.support.decisions import ANNA, decision


@pytest.fixture
def spares_the_disk() -> bool:
    return False


def recorded(database: Database) -> int:
    other = Database(database.url.render_as_string(hide_password=False), connections=1)
    with other.reading() as session:
        count = session.scalar(select(func.count()).select_from(Decision)) or 0
    other.close()
    return count


def test_a_decision_is_seen_by_others_when_append_returns(database: Database, clock: StandingClock):
    Intake(database).append(decision(clock, campaign="spring"))
    with database.reading() as session:
        row = session.execute(select(Decision)).scalar_one()
    assert recorded(database) == 1
    assert (row.identifier, row.choice, row.campaign, row.owed) == (ANNA.value, "opt-out", "spring", True)
    assert row.at == clock.now()


def test_commits_are_as_durable_as_the_engine_can_make_them(database: Database):
    with database.writing() as session:
        if database.is_sqlite:
            assert session.scalar(text("PRAGMA synchronous")) == 2
            assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        else:
            assert session.scalar(text("SHOW synchronous_commit")) == "on"


def test_callers_that_wait_together_share_a_commit(database: Database, clock: StandingClock):
    commits = []
    event.listen(database.engine, "commit", lambda _connection: commits.append(1))
    intake = Intake(database)
    slow_first_commit(database)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(intake.append, [decision(clock) for _ in range(64)]))
    assert recorded(database) == 64
    assert len(commits) < 32


def slow_first_commit(database: Database) -> None:
    """While the first waits for its disk, the others gather."""
    event.listen(database.engine, "commit", lambda _connection: time.sleep(0.05), once=True)


def test_one_bad_row_does_not_refuse_its_neighbours(database: Database, clock: StandingClock):
    intake = Intake(database)
    slow_first_commit(database)
    good = [decision(clock, Profile("email", f"p{n}@example.com")) for n in range(12)]
    bad = decision(clock)
    bad.row["choice"] = None
    results: dict[object, str] = {}

    def append(each):
        try:
            intake.append(each)
        except LedgerUnavailable as error:
            results[each.id] = str(error)
        else:
            results[each.id] = "done"

    with ThreadPoolExecutor(13) as pool:
        list(pool.map(append, [*good[:6], bad, *good[6:]]))
    assert {results[each.id] for each in good} == {"done"}
    assert results[bad.id] == "IntegrityError"
    assert recorded(database) == 12


def test_a_retry_that_meets_its_own_row_is_a_success(database: Database, clock: StandingClock):
    intake, once = Intake(database), decision(clock)
    intake.append(once)
    intake.append(once)
    assert recorded(database) == 1


def test_nobody_is_told_done_when_storage_is_out_of_reach(
    database: Database, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
):
    def unreachable(*_):
        raise OperationalError("INSERT", {}, Exception("the server closed the connection"))

    intake = Intake(database)
    monkeypatch.setattr(intake._shared, "_commit", unreachable)
    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(intake.append, decision(clock)) for _ in range(8)]
    assert all(isinstance(future.exception(), LedgerUnavailable) for future in futures)
    monkeypatch.undo()
    intake.append(decision(clock))
    assert recorded(database) == 1


def test_a_lost_connection_is_no_reason_to_refuse(database: Database, clock: StandingClock):
    intake = Intake(database)
    intake.append(decision(clock))
    if database.is_sqlite:
        database.engine.dispose()
    else:
        with database.writing() as session:
            session.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                     " WHERE datname = current_database() AND pid <> pg_backend_pid()")
            )  # fmt: skip
    intake.append(decision(clock))
    assert recorded(database) == 2


def test_a_queue_that_is_too_long_is_refused_at_once(database: Database, clock: StandingClock):
    intake = Intake(database, most_waiting=2)
    held, go = threading.Event(), threading.Event()
    event.listen(database.engine, "commit", lambda _: (held.set(), go.wait(10)), once=True)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(intake.append, decision(clock))
        held.wait(10)
        waiting = [pool.submit(intake.append, decision(clock)) for _ in range(2)]
        while len(intake._shared._queue) < 2:
            time.sleep(0.01)
        with pytest.raises(LedgerUnavailable, match="too many"):
            intake.append(decision(clock))
        go.set()
        assert first.result() is None
        assert [each.result() for each in waiting] == [None, None]
    assert recorded(database) == 3


def test_a_caller_who_gives_up_does_not_take_the_lead_with_them(
    database: Database, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("resign.db.group_commit._PATIENCE_SECONDS", 0.05)
    intake = Intake(database)
    event.listen(database.engine, "commit", lambda _: time.sleep(0.3), once=True)
    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(intake.append, decision(clock)) for _ in range(8)]
    assert any(isinstance(future.exception(), LedgerUnavailable) for future in futures)
    intake.append(decision(clock))
    assert not intake._shared._led


def test_the_database_orders_decisions_not_the_clock(database: Database, clock: StandingClock):
    intake = Intake(database)
    intake.append(decision(clock, choice="opt-out"))
    clock.advance(seconds=-5)
    intake.append(decision(clock, choice="opt-in"))
    with database.reading() as session:
        assert list(session.scalars(select(Decision.choice).order_by(Decision.seq))) == ["opt-out", "opt-in"]


def test_an_undo_that_failed_is_not_written_later(
    database: Database, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
):
    """Its sender was told "not recorded" and may have pressed again meanwhile."""
    intake = Intake(database)
    real, failures = intake._shared._commit, []

    def fails_once(rows):
        if not failures:
            failures.append(1)
            raise OperationalError("INSERT", {}, Exception("the server closed the connection"))
        real(rows)

    monkeypatch.setattr(intake._shared, "_commit", fails_once)
    with pytest.raises(LedgerUnavailable):
        intake.append(decision(clock, choice="opt-in"))
    failures.clear()
    intake.append(decision(clock, choice="opt-out"))
    assert recorded(database) == 1
