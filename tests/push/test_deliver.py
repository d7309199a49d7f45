"""A batch gets across: troubles are waited out, the bad are found among the good, and a stop ends the waiting."""

import threading
from datetime import timedelta

import pytest

from resign.outbox.contract import Busy, Misconfigured, NoSuchProfile, Refused, SendAlone, Unreachable
from resign.profile import Profile
from resign.push.batches import Batch
from resign.push.deliver import (
    CannotGoOn,
    Interrupted,
    Patience,
    deliver_one_by_one,
    deliver_together,
)
from resign.push.rows import Row


def batch_of(*values):
    named = [(Row(line, {"customId": value}, None),) for line, value in enumerate(values, 2)]
    items = [(Profile("customId", value), "token") for value in values]
    return Batch(0, rows=len(items), items=items, named=named)


@pytest.fixture
def waits():
    return []


@pytest.fixture
def said():
    return []


@pytest.fixture
def patience(waits, said):
    return Patience(threading.Event(), said.append, lambda seconds: waits.append(seconds) or False)


def test_a_batch_that_is_taken_is_one_call(writer, patience):
    batch = batch_of("a", "b")
    deliver_together(batch, writer, patience)
    assert writer.calls == [["a", "b"]]
    assert batch.rejected == []


def test_a_batch_without_items_is_no_call(writer, patience):
    deliver_together(batch_of(), writer, patience)
    assert writer.calls == []


def test_one_bad_profile_among_a_thousand_costs_some_twenty_calls(writer, patience):
    writer.bad = {"v777"}
    batch = batch_of(*(f"v{number}" for number in range(1000)))
    deliver_together(batch, writer, patience)
    assert [(reject.line, reject.reason) for reject in batch.rejected] == [(779, "Synerise answered 207")]
    assert len(writer.calls) <= 22
    alone_or_taken = {value for call in writer.calls if "v777" not in call for value in call}
    assert len(alone_or_taken) == 999


def test_all_bad_are_all_rejected(writer, patience):
    writer.bad = {"a", "b", "c"}
    batch = batch_of("a", "b", "c")
    deliver_together(batch, writer, patience)
    assert sorted(reject.line for reject in batch.rejected) == [2, 3, 4]


def test_trouble_is_waited_out_ever_longer_and_for_ever(writer, patience, waits, said):
    left = [Unreachable("no answer")] * 9
    writer.before = lambda _: left.pop() if left else None
    deliver_together(batch_of("a"), writer, patience)
    assert len(waits) == 9
    assert [seconds >= bound for seconds, bound in zip(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60], strict=True)]
    assert max(waits) <= 75
    assert all(text.startswith("no answer; trying again in ") for text in said)


def test_nobody_comes_back_sooner_than_was_asked(writer, patience, waits):
    left = [Busy(timedelta(seconds=300), "429")]
    writer.before = lambda _: left.pop() if left else None
    deliver_together(batch_of("a"), writer, patience)
    assert 300 <= waits[0] <= 375


def test_a_stop_ends_the_waiting(writer, said):
    writer.before = lambda _: Unreachable("no answer")
    patience = Patience(threading.Event(), said.append, lambda _: True)
    with pytest.raises(Interrupted):
        deliver_together(batch_of("a"), writer, patience)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Interrupted):
        deliver_together(batch_of("a"), writer, Patience(stop, said.append))
    assert len(writer.calls) == 1


def test_wrong_settings_end_it_with_their_reason(writer, patience, waits):
    writer.before = lambda _: Misconfigured("give the key a permission")
    with pytest.raises(CannotGoOn, match="give the key a permission"):
        deliver_together(batch_of("a", "b"), writer, patience)
    assert waits == []


def test_one_by_one_the_unknown_are_rejected_and_the_rest_goes_through(writer, patience):
    answers = {"b": NoSuchProfile("nobody"), "c": Refused("bad"), "d": SendAlone()}
    writer.before = lambda values: answers.get(values[0])
    batch = batch_of("a", "b", "c", "d", "e")
    deliver_one_by_one(batch, writer, patience)
    assert writer.calls == [["a"], ["b"], ["c"], ["d"], ["e"]]
    assert [reject.reason for reject in batch.rejected] == ["nobody", "bad", "SendAlone"]
