"""SIGTERM ends a process when what it has begun is done (section 3: a crash costs a delay, a stop not even that)."""

import socket
import sqlite3
import time
from contextlib import closing, contextmanager

from tests.live.headers import checked
from tests.live.wire import ONE_CLICK, exchange, post, wire


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


def test_what_a_web_has_begun_is_recorded_and_answered_before_it_ends(live):
    """One opt-out waits for the database, of another the body is still coming, of a third the headers."""
    waiting, coming, dawdling = people = [live.somebody() for _ in range(3)]
    web, address = live.another_web(RESIGN_WEB_WORKERS="1")
    with wire(address) as first, wire(address) as second, wire(address) as third:
        with the_database_busy(live):
            first.send(post(waiting.path))
            second.send(post(coming.path, ONE_CLICK[:5], Content_Length=str(len(ONE_CLICK))))
            third.send(post(dawdling.path)[:40])
            time.sleep(0.5)
            web.process.terminate()
            live.until(lambda: is_closed(address), "nobody new is let in")
            assert web.process.poll() is None
            assert [who.decisions() for who in people] == [[], [], []]
        second.send(ONE_CLICK[5:])
        third.send(post(dawdling.path)[40:])
        assert [checked(each.answer()).status for each in (first, second, third)] == [200, 200, 200]
    assert web.process.wait(20) == 0
    assert [who.decisions() for who in people] == [[("opt-out", "one-click", "one-click")]] * 3
    assert all(line.startswith("{") for line in web.log.read_text().splitlines())


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
