"""SQLite's writers wait for their turn, threads and processes alike; a process that dies gives its turn away."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from resign.db.turn import Turn

HOLD = """
import sys
from pathlib import Path
from resign.db.turn import Turn
with Turn(Path(sys.argv[1])):
    print("mine", flush=True)
    sys.stdin.read()
"""
COUNT = """
import sys
from pathlib import Path
from resign.db.turn import Turn
turn, number = Turn(Path(sys.argv[1])), Path(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
for _ in range(300):
    with turn:
        number.write_text(str(int(number.read_text()) + 1))
"""


def start(code: str, *arguments: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def is_taken(path: Path) -> bool:
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "resign.db-turn"


def test_two_processes_take_turns(path, tmp_path):
    """Each reads a number and writes the next one: a turn taken twice at once would lose some."""
    number = tmp_path / "number"
    number.write_text("0")
    counting = [start(COUNT, path, number) for _ in range(2)]
    for process in counting:
        assert process.stdout.readline() == "ready\n"
    for process in counting:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in counting:
        process.communicate(timeout=30)
        assert process.returncode == 0
    assert number.read_text() == "600"


def test_a_killed_process_gives_its_turn_away(path):
    holding = start(HOLD, path)
    assert holding.stdout.readline() == "mine\n"
    assert is_taken(path)
    entered = threading.Event()

    def wait_for_it() -> None:
        with Turn(path):
            entered.set()

    waiting = threading.Thread(target=wait_for_it, daemon=True)
    waiting.start()
    assert not entered.wait(0.1)
    holding.send_signal(signal.SIGKILL)
    assert entered.wait(10)
    waiting.join()
    holding.communicate()


def test_threads_of_one_process_take_turns(path):
    turn, within, most = Turn(path), [], []

    def take() -> None:
        for _ in range(200):
            with turn:
                within.append(1)
                most.append(len(within))
                within.pop()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 800
    assert max(most) == 1


def test_whoever_has_the_turn_may_take_it_again_and_gives_it_back_at_the_end(path):
    turn = Turn(path)
    with turn:
        with turn:
            assert is_taken(path)
        assert is_taken(path)
    assert not is_taken(path)


def test_an_error_within_gives_the_turn_back(path):
    turn = Turn(path)
    with pytest.raises(ZeroDivisionError), turn:
        raise ZeroDivisionError
    assert not is_taken(path)
    with turn:
        assert is_taken(path)


def test_a_lock_file_that_cannot_be_opened_leaves_no_thread_waiting(tmp_path):
    turn, failed = Turn(tmp_path / "missing" / "turn"), []

    def enter() -> None:
        try:
            turn.__enter__()
        except FileNotFoundError:
            failed.append(1)

    for _ in range(2):
        thread = threading.Thread(target=enter, daemon=True)
        thread.start()
        thread.join(10)
    assert failed == [1, 1]


def test_a_child_that_was_forked_waits_like_any_other_process(path):
    """A lock belongs to the open file, which a child shares with its parent: it has to open one of its own."""
    turn = Turn(path)
    with turn:
        pass
    asked, answer = os.pipe()
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.read(told, 1)
        try:
            fcntl.flock(turn._descriptor(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.write(answer, b"got it")
        except BlockingIOError:
            os.write(answer, b"waits")
        finally:
            os._exit(0)
    with turn:
        os.write(tell, b"!")
        assert os.read(asked, 16) == b"waits"
    os.waitpid(child, 0)
    for end in (asked, answer, told, tell):
        os.close(end)


def test_whoever_waits_comes_before_who_has_just_had_it(tmp_path):
    turn, order = Turn(tmp_path / "turn"), []

    def waits() -> None:
        with turn:
            order.append("waited")

    with ThreadPoolExecutor(1) as pool:
        with turn:
            waiting = pool.submit(waits)
            deadline = time.monotonic() + 10
            while not turn._gate.locked() and time.monotonic() < deadline:
                time.sleep(0.001)
        for _ in range(20):
            with turn:
                order.append("again")
        waiting.result(10)
    assert order[0] == "waited"
