"""The figures of `links push` at their smallest: each side is run, and what is compared is the same."""

from resign.bench import minting, push, push_memory
from resign.bench.plan import Plan


def plan(tmp_path):
    return Plan(tmp_path, (), None, lambda _: None, rounds=1, push_rows=2_500, memory_rows=(100,))


def test_minting_is_counted_in_links_a_second(tmp_path):
    [figure] = minting.measure(plan(tmp_path))
    assert (figure.name, figure.unit) == ("minting", "links/s")
    assert figure.value > 1_000


def test_both_sides_of_push_send_the_same_batches(tmp_path):
    at_once, slowly = push.measure(plan(tmp_path))
    assert (at_once.name, slowly.name) == ("push", "push, answers after 200 ms")
    assert slowly.target is None
    for figure in (at_once, slowly):
        assert 0.01 < figure.value < 100
        assert figure.measured["rows"] == 2_500


def test_the_peak_of_memory_is_that_of_the_command(tmp_path):
    dry, pushed = push_memory.measure(plan(tmp_path))
    assert dry.name == "push dry run peak, 100 rows"
    assert 10 < dry.value < 500
    assert 10 < pushed.value < 500
