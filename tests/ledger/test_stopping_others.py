"""Who must be the only one to append is, and neither waits for what looks after the table nor makes presses wait for it."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text

from resign.ledger import Intake
from resign.ledger.directly import append, stop_others
from resign.ledger.tables import Decision
from tests.support.decisions import BORIS, choices, decision

PATIENCE = 5


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_vacuum_keeps_neither_an_undo_nor_a_press_waiting(database, clock):
    with database.engine.connect() as vacuum, ThreadPoolExecutor(2) as pool:
        # What VACUUM, ANALYZE and CREATE INDEX CONCURRENTLY hold, for hours on a large table.
        vacuum.execute(text("LOCK TABLE decisions IN SHARE UPDATE EXCLUSIVE MODE"))
        undone = pool.submit(take_back, database, clock)
        undone.result(PATIENCE)
        pool.submit(Intake(database).append, decision(clock, BORIS)).result(PATIENCE)
    assert choices(database) == ["opt-in", "opt-out"]


def take_back(database, clock) -> None:
    with database.writing() as session:
        stop_others(session)
        append(session, [decision(clock, choice="opt-in")])
        session.commit()


def by_a_press(database, clock) -> None:
    Intake(database).append(decision(clock, BORIS))


def by_an_act(database, clock) -> None:
    with database.writing() as session:
        append(session, [decision(clock, BORIS)])
        session.commit()


@pytest.mark.parametrize("appends", [by_a_press, by_an_act])
def test_nobody_appends_until_whoever_stopped_them_has_committed(database, clock, appends):
    with ThreadPoolExecutor(1) as pool:
        with database.writing() as session:
            stop_others(session)
            waiting = pool.submit(appends, database, clock)
            with pytest.raises(TimeoutError):
                waiting.result(0.2)
            append(session, [decision(clock, choice="opt-in")])
            session.commit()
        waiting.result(PATIENCE)
    assert choices(database) == ["opt-in", "opt-out"], "the press is the newer one"


def test_what_is_being_appended_is_waited_for_and_seen(database, clock):
    begun, go = threading.Event(), threading.Event()

    def presses() -> None:
        with database.writing() as session:
            append(session, [decision(clock)])
            begun.set()
            go.wait(PATIENCE)
            session.commit()

    def looks() -> int | None:
        with database.writing() as session:
            stop_others(session)
            return session.scalar(select(func.count()).select_from(Decision))

    with ThreadPoolExecutor(2) as pool:
        pressed = pool.submit(presses)
        assert begun.wait(PATIENCE)
        looked = pool.submit(looks)
        with pytest.raises(TimeoutError):
            looked.result(0.2)
        go.set()
        assert looked.result(PATIENCE) == 1
        pressed.result(PATIENCE)
