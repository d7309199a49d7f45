"""The figures of feeds at their smallest: both sides write the same file, and the peak is that of the command."""

from resign.bench import feed_memory, feeding
from resign.bench.plan import Plan


def plan(tmp_path):
    return Plan(
        tmp_path, ("sqlite",), None, lambda _: None, rounds=1, feed_rows=2_500, memory_rows=(200,)
    )  # fmt: skip


def test_both_sides_write_the_same_file(tmp_path):
    [figure] = feeding.measure(plan(tmp_path))
    assert 0.01 < figure.value < 10
    assert figure.measured["decisions"] == 2_500


def test_the_peak_is_that_of_the_process_that_writes(tmp_path):
    [figure] = feed_memory.measure(plan(tmp_path))
    assert 10 < figure.value < 500
    assert figure.measured["bytes"] > 5_000
