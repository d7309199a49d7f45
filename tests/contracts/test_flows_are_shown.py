"""The table of paths in docs/flows.md names tests that exist, and each runs on something real."""

import re

import pytest

from tests.packaging.dockerfile import ROOT

ROWS = [
    [cell.strip() for cell in line.strip("| \n").split(" | ")]
    for line in (ROOT / "docs" / "flows.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d+ \|", line)
]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_the_path_names_a_test_that_is_there(row):
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", row[-1])
    assert named, row
    for path, function in named:
        text = (ROOT / path).read_text(encoding="utf-8")
        assert f"def {function or 'test_'}" in text, (path, function)


def test_the_fourteen_paths_are_there_in_order():
    assert [int(row[0]) for row in ROWS] == list(range(1, 15))
