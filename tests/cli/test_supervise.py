"""`serve` keeps its children running: it restarts what dies, later each time, and gives up where that cannot help."""

import signal
import sys
import time
from collections.abc import Iterator

import pytest

from resign.supervise import Child, Family


@pytest.fixture
def family() -> Iterator:
    """A family of these children, started; afterwards all are gone and the signals are pytest's again."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    entered: list[Family] = []

    def of(*codes: str) -> tuple[Family, list[Child]]:
        children = [Child(code, [sys.executable, "-S", "-c", code]) for code in codes]
        entered.append(Family(children).__enter__())
        return entered[-1], children

    yield of
    for each in entered:
        each.__exit__(None, None, None)
    for number, handler in handlers.items():
        signal.signal(number, handler)


WAIT = "import signal; signal.pause()"
# Says by a file that it has begun, and by its status that it was asked to stop.
GRACEFUL = """
import pathlib, signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
pathlib.Path({!r}).touch()
signal.pause()
"""


def test_a_child_that_is_killed_is_started_again(family, caplog):
    of_one, [child] = family(WAIT)
    first = child.process
    first.kill()
    first.wait()
    assert of_one.look_after() == 0
    assert child.process is None
    assert "ended with status -9" in caplog.text
    child.restart_at = time.monotonic()
    assert of_one.look_after() == 0
    assert child.process.pid != first.pid
    assert child.process.poll() is None


def test_a_child_that_dies_young_again_and_again_waits_longer_each_time(family):
    of_one, [child] = family("raise SystemExit(3)")
    waits = []
    for _ in range(8):
        child.process.wait()
        of_one.look_after()
        waits.append(child.delay)
        child.restart_at = time.monotonic()
        of_one.look_after()
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30]


def test_a_child_that_ran_well_for_a_while_starts_again_soon(family):
    of_one, [child] = family("raise SystemExit(3)")
    child.delay, child.started = 30.0, time.monotonic() - 61
    child.process.wait()
    of_one.look_after()
    assert child.delay == 0.5


def test_bad_settings_end_everything_because_no_restart_mends_them(family):
    of_two, [_, waiting] = family("raise SystemExit(2)", WAIT)
    assert of_two.watch() == 2
    assert waiting.process.poll() is None


def test_one_that_dies_does_not_touch_its_sibling(family):
    of_two, [dead, alive] = family("raise SystemExit(3)", WAIT)
    pid = alive.process.pid
    dead.process.wait()
    of_two.look_after()
    assert alive.process.pid == pid
    assert alive.process.poll() is None


def test_a_stop_is_passed_on_so_that_each_can_finish(family, tmp_path):
    begun = [tmp_path / "one", tmp_path / "other"]
    of_two, children = family(*(GRACEFUL.format(str(file)) for file in begun))
    deadline = time.monotonic() + 30
    while not all(file.exists() for file in begun):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    signal.raise_signal(signal.SIGTERM)
    assert of_two.watch() == 0
    of_two.__exit__(None, None, None)
    assert [child.process.returncode for child in children] == [7, 7]
