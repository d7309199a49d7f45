"""The figures of imports at their smallest: both sides write every row, and what is beside an import is measured."""

from resign.bench import import_beside, importing
from resign.bench.plan import Plan


def plan(tmp_path):
    return Plan(tmp_path, ("sqlite",), None, lambda _: None, rounds=1, import_rows=1_200, memory_rows=(100,))


def test_both_sides_write_every_row(tmp_path):
    [figure] = importing.measure(plan(tmp_path))
    assert figure.name == "import"
    assert 0.01 < figure.value < 10
    assert figure.measured["rows"] == 1_200


def test_presses_are_timed_while_it_runs_and_the_peak_is_that_of_the_command(tmp_path):
    presses, peak = import_beside.measure(plan(tmp_path))
    assert presses.measured["presses"] > 0
    assert presses.value > 0
    assert 10 < peak.value < 500
