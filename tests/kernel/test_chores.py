"""What a worker does beside delivering: no chore ends by itself, and none keeps another waiting."""

import logging
import threading

import pytest
from sqlalchemy.exc import OperationalError

from resign import chores
from resign.chores import Chore, Chores

PATIENCE = 10


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chores, "_AGAIN_SECONDS", 0.01)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (OperationalError("SELECT", {}, Exception("gone")), "out of reach"),
        (ZeroDivisionError(), "nobody foresaw"),
    ],
)
def test_a_step_that_fails_is_said_and_repeated(caplog, trouble, said):
    went_on = threading.Event()
    failures = [trouble]

    def step() -> bool:
        if failures:
            raise failures.pop()
        went_on.set()
        return False

    with caplog.at_level(logging.WARNING), Chores([Chore("odd", step, 0.01)]):
        assert went_on.wait(PATIENCE)
    assert said in caplog.text


def test_one_that_hangs_keeps_no_other_waiting():
    release, other = threading.Event(), threading.Event()

    def hang() -> bool:
        release.wait(PATIENCE)
        return False

    def work() -> bool:
        other.set()
        return False

    with Chores([Chore("hang", hang, 1), Chore("work", work, 1)]):
        assert other.wait(PATIENCE)
        release.set()


def test_where_there_is_more_the_next_step_follows_at_once():
    done, steps = threading.Event(), []

    def step() -> bool:
        steps.append(1)
        if len(steps) == 50:
            done.set()
        return len(steps) < 50

    with Chores([Chore("busy", step, 3600)]):
        assert done.wait(PATIENCE)
    assert len(steps) == 50
