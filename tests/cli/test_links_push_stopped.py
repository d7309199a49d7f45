"""A push that is killed, stopped or started twice: nobody is left out, and nobody who was noted is pushed again."""

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from resign.push.journal import merged, noted
from tests.push.pushing import COMMAND, file, push, synerise, token
from tests.push.synerise import people

__all__ = ["file", "push", "synerise", "token"]


def test_kill_minus_nine_and_again_leaves_nobody_out_and_doubles_only_what_was_in_the_air(
    synerise, file, variables, tmp_path, token
):
    there = synerise()
    count = 30_000
    path = file(people(count) + "nobody\n" * 5)
    there.delay = 0.05
    for kills in (4, 9):
        journal = killed(variables, path, kills)
    spans = noted(journal).spans
    accepted = sum(span.accepted for span in spans)
    assert 9_000 <= accepted < count
    noted_before = dict(there.taken)
    there.delay = 0
    ended = subprocess.run(
        [*COMMAND, str(path)], env=variables, capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 1, ended.stderr
    assert "Going on: " in ended.stderr
    assert f"{count + 5:,} rows: {count:,} accepted, 5 rejected." in ended.stdout
    assert len(there.taken) == count
    # One batch for each of the four connections at the most, for each of the two kills.
    doubled = [person for person, times in there.taken.items() if times > 1]
    assert len(doubled) <= 2 * 4 * 1000
    assert max(there.taken.values()) <= 3
    # And of what was noted, nobody: the exact promise.
    lines = path.read_bytes()
    for span in merged(spans).values():
        people_noted = lines[span.start : span.end].decode().split()
        assert not [one for one in people_noted if there.taken[one] > noted_before[one]]
    rejects = ended.stdout.strip().rpartition(" ")[2]
    listed = [int(row.split(",")[0]) for row in Path(rejects).read_text(encoding="utf-8").splitlines()[1:]]
    assert sorted(listed) == list(range(count + 2, count + 7))
    assert there.tokens()["p17@example.com"] == token("p17@example.com")


def killed(variables, path, spans):
    """Starts a push and kills it as soon as so many spans are noted; the journal."""
    folder = Path(variables["RESIGN_DATA_DIR"], "push")
    process = subprocess.Popen([*COMMAND, str(path)], env=variables, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    try:
        while time.monotonic() < deadline:
            assert process.poll() is None, process.stderr.read()
            journals = list(folder.glob("*.journal"))
            if journals and len(noted(journals[0]).spans) >= spans:
                return journals[0]
            time.sleep(0.005)
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
    raise TimeoutError


@pytest.fixture
def _as_on_a_terminal() -> Iterator[None]:
    """A job that a shell started in the background ignores Ctrl-C, and so would every process that it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_as_on_a_terminal")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_finishes_what_is_under_way_and_doubles_nobody(synerise, file, variables, how):
    there = synerise()
    # Slow enough that the signal comes in the middle on a busy machine, too.
    there.delay = 1.0
    path = file(people(20_000))
    process = subprocess.Popen(
        [*COMMAND, str(path)], env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while sum(there.taken.values()) < 3000:
        time.sleep(0.01)
    process.send_signal(how)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Give the same command again to go on" in said
    assert "Traceback" not in said
    there.delay = 0
    subprocess.run([*COMMAND, str(path)], env=variables, capture_output=True, timeout=60, check=True)
    assert len(there.taken) == 20_000
    assert set(there.taken.values()) == {1}


def test_a_second_push_of_the_same_file_is_kept_out(synerise, push, file, variables):
    there = synerise()
    there.delay = 0.5
    path = file(people(3))
    process = subprocess.Popen([*COMMAND, str(path)], env=variables, stdout=subprocess.PIPE)
    while not there.asked["/v4/clients/batch"]:
        time.sleep(0.01)
    ended = push(path)
    process.communicate(timeout=30)
    assert ended.exit_code == 2
    assert "another process" in ended.output
