"""SIGTERM ends a process when what it has begun is done (section 3: a crash costs a delay, a stop not even that)."""

import socket
import sqlite3
import time
from contextlib import closing, contextmanager

import pytest

from tests.live.headers import checked
from tests.live.wire import ONE_CLICK, exchange, post, wire


@pytest.fixture
def second(live):
    """A web of one process, to be stopped."""
    return live.another_web(RESIGN_WEB_WORKERS="1")


@contextmanager
def the_database_busy(system):
    with closing(sqlite3.connect(system.database.url.database or "", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        yield


def is_closed(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, 5).close()
    except ConnectionRefusedError:
        return True
    return False


def test_an_opt_out_that_waits_for_the_database_is_recorded_and_answered_before_the_web_ends(
    live, second, anna
):
    web, address = second
    with wire(address) as connection:
        with the_database_busy(live):
            connection.send(post(anna.path))
            time.sleep(0.5)
            web.process.terminate()
            live.until(lambda: is_closed(address), "nobody new is let in")
            assert web.process.poll() is None
            assert anna.decisions() == []
        assert checked(connection.answer()).status == 200
    assert web.process.wait(20) == 0
    assert anna.decisions() == [("opt-out", "one-click", "one-click")]


def test_a_body_that_is_still_coming_is_waited_for_before_the_web_ends(live, second, anna):
    web, address = second
    with wire(address) as connection:
        connection.send(post(anna.path, ONE_CLICK[:5], Content_Length=str(len(ONE_CLICK))))
        time.sleep(0.5)
        web.process.terminate()
        live.until(lambda: is_closed(address), "nobody new is let in")
        assert checked(connection.send(ONE_CLICK[5:]).answer()).status == 200
    assert web.process.wait(20) == 0
    assert all(line.startswith("{") for line in web.log.read_text().splitlines())
    assert anna.decisions() == [("opt-out", "one-click", "one-click")]


def test_a_worker_that_is_stopped_in_the_middle_of_a_delivery_settles_it(live):
    anna = live.somebody().is_planted()
    (worker,) = (program for program in live.programs if program.log.name.startswith("worker"))
    live.ask_sandbox("POST", "/sandbox/faults", {"slow": 2, "methods": "POST", "paths": "/v4/clients"})
    exchange(live.address, post(anna.path))
    live.until(lambda: held_by_a_worker(anna), "the worker delivers")
    time.sleep(0.3)
    assert anna.states() == ["owed"]
    assert worker.end() == 0
    assert anna.states() == ["accepted"]
    assert not held_by_a_worker(anna)
    assert "nothing is left half done" in worker.log.read_text().splitlines()[-1]
    live.ask_sandbox("DELETE", "/sandbox/faults")
    live.start("worker")
    live.until(lambda: anna.states() == ["confirmed"], "another one reads it back")
    assert told(anna) == [202]


def held_by_a_worker(who) -> bool:
    return bool(
        who.system.rows(
            "SELECT 1 FROM messages m JOIN decisions d ON d.seq = m.decision_seq"
            " WHERE m.ticket IS NOT NULL AND d.identifier = :email",
            email=who.email,
        )
    )


def told(who) -> list[int]:
    """How Synerise answered each telling."""
    calls = who.system.ask_sandbox("GET", "/sandbox/requests?limit=2000")["requests"]
    return [call["status"] for call in calls if call["method"] == "POST" and who.email in call["path"]]
