"""Whoever scrapes often, or with many scrapers, costs one look in some seconds."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from werkzeug.test import Client

from resign.app import LOOKS_LAST, web_application
from resign.ops.shared import Shared
from tests.support.decisions import decision, record


@pytest.fixture
def served(settings, clock, database) -> Client:
    """As it is served: `resign.wsgi` says for how long a look is shared."""
    return Client(web_application(settings, clock, database, looks_last=LOOKS_LAST), use_cookies=False)


@pytest.fixture
def looks(database):
    said: list[str] = []
    event.listen(database.reader, "before_cursor_execute", lambda *given: said.append(given[2]))
    return said


def test_metrics_and_readiness_share_one_look_for_some_seconds(served, clock, database, looks):
    served.get("/metrics")
    first = len(looks)
    assert first > 5
    for _ in range(3):
        assert served.get("/metrics").status_code == 200
    assert len(looks) == first, "the second scrape asks nothing"
    assert served.get("/readyz").status_code == 200
    assert len(looks) - first <= 3, "whether the database answers is asked each time, and nothing else"
    record(database, decision(clock))
    assert "resign_decisions_waiting 0.0" in served.get("/metrics").text
    clock.advance(seconds=LOOKS_LAST.total_seconds())
    assert "resign_decisions_waiting 1.0" in served.get("/metrics").text


def test_who_comes_meanwhile_waits_for_the_look_that_is_under_way(clock):
    begun, ends, counted = threading.Event(), threading.Event(), []

    def look() -> int:
        counted.append(1)
        begun.set()
        ends.wait(5)
        return len(counted)

    shared, seen = Shared(look, clock, timedelta(seconds=5)), []
    several = [threading.Thread(target=lambda: seen.append(shared())) for _ in range(4)]
    for each in several:
        each.start()
    begun.wait(5)
    ends.set()
    for each in several:
        each.join(5)
    assert (seen, len(counted)) == ([1] * 4, 1)


def test_a_look_that_failed_is_not_kept_and_none_outlives_a_clock_that_is_set_back(clock):
    answers = iter([OperationalError("", {}, Exception()), 1, 2])

    def look() -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    shared = Shared(look, clock, timedelta(seconds=5))
    with pytest.raises(OperationalError):
        shared()
    assert [shared(), shared()] == [1, 1]
    clock.advance(seconds=-60)
    assert shared() == 2


def test_who_waits_for_a_look_that_fails_fails_with_it(clock):
    """A database that hangs answers nobody: asked by one after the other it would hold each for as long."""
    begun, ends, counted, failed = threading.Event(), threading.Event(), [], []

    def look() -> int:
        counted.append(1)
        begun.set()
        ends.wait(5)
        raise OperationalError("SELECT 1", {}, Exception("no answer"))

    shared = Shared(look, clock, timedelta(seconds=5))

    def ask() -> None:
        with pytest.raises(OperationalError):
            shared()
        failed.append(1)

    several = [threading.Thread(target=ask) for _ in range(4)]
    several[0].start()
    begun.wait(5)
    for each in several[1:]:
        each.start()
    time.sleep(0.3)  # until they wait for it
    ends.set()
    for each in several:
        each.join(5)
    assert len(failed) == 4
    assert len(counted) == 1
    with pytest.raises(OperationalError):
        shared()
    assert len(counted) == 2, "afterwards it is looked anew"
