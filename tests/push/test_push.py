"""The whole of a push but for the network: what was accepted is noted at once, and nothing noted is sent again."""

import threading

import pytest

from resign.outbox.contract import Misconfigured, Unreachable
from resign.push.batches import Batches
from resign.push.deliver import CannotGoOn, Interrupted, Patience, deliver_together
from resign.push.journal import Journal, merged, noted
from resign.push.push import Push
from resign.push.rejects import Rejects
from resign.push.rows import profile_of
from tests.push.conftest import as_csv

CONTENT = "email\n" + "".join(
    f"p{number}@b.example\n" if number % 10 else "nobody\n" for number in range(100)
)


class Steps:
    def __init__(self):
        self.steps = []

    def advance(self, rows, position):
        self.steps.append((rows, position))


@pytest.fixture
def push(tmp_path, writer):
    """Runs one push of CONTENT, as a process that begins would."""

    def run(before=None, **more):
        writer.before = before or (lambda _: None)
        with Journal(tmp_path / "j" / "one.journal") as journal:
            rejects = Rejects(tmp_path / "r.csv", journal.spans[-1].rejects if journal.spans else 0)
            if journal.is_new:
                journal.note_rejects(rejects.path)
            done = merged(journal.spans)
            steps = Steps()
            pushing = Push(
                writer, deliver_together, rejects, steps, journal=journal, **{"threads": 4, **more}
            )
            batches = Batches(as_csv(CONTENT), name, done=done, most_rows=7)
            try:
                pushing.run(
                    batches, Patience(pushing.stop, lambda _: None, lambda _: pushing.stop.wait(0.01))
                )
            finally:
                run.tally, run.steps = pushing.tally, steps.steps
        return pushing

    return run


def name(row):
    profile = profile_of(row)
    return profile if isinstance(profile, str) else (profile, "token")


def spans_of(tmp_path):
    return noted(tmp_path / "j" / "one.journal")


def test_every_row_is_accepted_or_rejected_and_noted(push, writer, tmp_path):
    push()
    assert (push.tally.rows, push.tally.accepted, push.tally.rejected) == (100, 90, 10)
    assert sorted(writer.written) == sorted(f"p{n}@b.example" for n in range(100) if n % 10)
    found = spans_of(tmp_path)
    assert found.finished
    [span] = merged(found.spans).values()
    assert (span.rows, span.accepted, span.rejected, span.end) == (100, 90, 10, len(CONTENT))
    lines = [int(row.split(",")[0]) for row in (tmp_path / "r.csv").read_text().splitlines()[1:]]
    assert sorted(lines) == list(range(2, 102, 10))
    assert sum(rows for rows, _ in push.steps) == 100
    assert push.steps[-1][1] == len(CONTENT)


@pytest.mark.parametrize("good", [0, 1, 3, 9])
def test_settings_that_are_wrong_half_way_lose_nothing_and_double_nothing(push, writer, tmp_path, good):
    turn, left, accepted = threading.Lock(), [good], []

    def at_some_point(values):
        with turn:
            left[0] -= 1
            if left[0] < 0:
                return Misconfigured("revoked")
            accepted.extend(values)
            return None

    with pytest.raises(CannotGoOn, match="revoked"):
        push(at_some_point)
    refused_calls = len(writer.calls) - good
    assert not spans_of(tmp_path).finished
    taken = sum(span.accepted for span in spans_of(tmp_path).spans)
    assert taken == len(accepted)
    writer.calls.clear()
    push()
    assert refused_calls <= 4
    assert len(writer.written) == 90 - taken
    assert not set(writer.written) & set(accepted)
    lines = [int(row.split(",")[0]) for row in (tmp_path / "r.csv").read_text().splitlines()[1:]]
    assert sorted(lines) == list(range(2, 102, 10))


def test_ctrl_c_while_synerise_is_away_ends_it_and_what_was_noted_stays(push, writer, tmp_path):
    stopping = []

    def away(values):
        if "p50@b.example" in values or "p51@b.example" in values:
            stopping.append(1)
            return Unreachable("away")
        return None

    def stopped_when_away(values):
        outcome = away(values)
        if len(stopping) > 2:
            raise KeyboardInterrupt
        return outcome

    with pytest.raises((KeyboardInterrupt, Interrupted)):
        push(stopped_when_away)
    writer.calls.clear()
    taken = sum(span.accepted for span in spans_of(tmp_path).spans)
    push()
    assert len(writer.written) == 90 - taken


def test_a_disk_that_is_full_ends_it(push, monkeypatch):
    monkeypatch.setattr(Journal, "note", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(OSError, match="No space"):
        push()


def test_with_every_thread_held_up_no_more_is_read_than_they_carry_and_one_batch(tmp_path, writer):
    held, read = threading.Event(), []

    def counted(row):
        read.append(row)
        return name(row)

    def hold(_values):
        held.wait(5)

    writer.before = hold
    pushing = Push(writer, deliver_together, Rejects(tmp_path / "r.csv"), Steps(), threads=2)
    batches = Batches(as_csv(CONTENT), counted, most_rows=7)
    running = threading.Thread(target=pushing.run, args=(batches, Patience(pushing.stop, lambda _: None)))
    running.start()
    held.wait(0.3)
    assert len(read) == 3 * 7
    held.set()
    running.join()
    assert len(read) == 100
