"""The file of rejects: for the operator's eyes only, safe in a spreadsheet, and without doubles after a kill."""

import csv
import io

import pytest

from resign.push.rejects import HEADER, Reject, Rejects, neutral, plain


def rows(path):
    return list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))


def test_each_reject_has_its_line_its_reason_and_whom_it_named(tmp_path):
    rejects = Rejects(tmp_path / "r.csv")
    rejects.add([Reject(7, "why, indeed", {"email": "a@b.example"})])
    rejects.add([Reject(9, "no", {"clientId": "7", "customId": "C"})])
    assert rows(rejects.path) == [
        list(HEADER),
        ["7", "why, indeed", "a@b.example", "", ""],
        ["9", "no", "", "C", "7"],
    ]
    assert rejects.path.stat().st_mode & 0o777 == 0o600
    assert rejects.size == rejects.path.stat().st_size


def test_without_a_reject_there_is_no_file(tmp_path):
    Rejects(tmp_path / "r.csv")
    assert not (tmp_path / "r.csv").exists()


@pytest.mark.parametrize("cell", ["=1+1", "+48 1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(tmp_path, cell):
    assert neutral(cell) == f"'{cell}"
    assert plain(neutral(cell)) == cell
    rejects = Rejects(tmp_path / "r.csv")
    rejects.add([Reject(1, "no", {"email": cell})])
    assert rows(rejects.path)[1][2] == f"'{cell}"


@pytest.mark.parametrize("cell", ["anna@b.example", "'quoted", "", "o'brien@b.example"])
def test_any_other_cell_stays_as_it_was(cell):
    assert neutral(cell) == cell
    assert plain(cell) == cell


def test_what_was_written_and_not_noted_is_cut_off(tmp_path):
    path = tmp_path / "r.csv"
    first = Rejects(path)
    first.add([Reject(1, "one", {})])
    size = first.size
    first.add([Reject(2, "two", {})])
    second = Rejects(path, size)
    second.add([Reject(2, "two", {})])
    assert [row[0] for row in rows(path)] == ["line", "1", "2"]


def test_a_file_that_somebody_took_away_is_begun_anew(tmp_path):
    rejects = Rejects(tmp_path / "r.csv", 500)
    rejects.add([Reject(2, "two", {})])
    assert [row[0] for row in rows(rejects.path)] == ["line", "2"]


def test_lone_surrogates_and_huge_cells_do_not_hurt(tmp_path):
    rejects = Rejects(tmp_path / "r.csv")
    rejects.add([Reject(1, "no", {"email": "\ud800", "customId": "x" * 5000})])
    assert len(rows(rejects.path)[1][3]) == 1000
