"""CSV that programs read back and no spreadsheet takes for a formula; a JSON object on each line."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from resign.exports.formats import written

COLUMNS = ("name", "what")
FORMULAS = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    '=HYPERLINK("https://evil.example";"x")',
    "  =1+1",
    "\uff1d1+1",
]
ODD = ["zażółć", "日本", "💩", 'a "quoted" one', "a,b;c", "two\r\nlines", "\u2028sep\u2029\x85", "", "'"]


def text(rows, form, **more) -> str:
    return "".join(written(COLUMNS, rows, form, **more))


def read_back(said: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(said, newline="")))


@pytest.mark.parametrize("form", ["csv", "excel"])
def test_csv_is_read_back_as_it_was(form):
    rows = [(word, "x") for word in ODD]
    said = text(rows, form)
    assert read_back(said.removeprefix("\ufeff")) == [list(COLUMNS), *map(list, rows)]
    assert said.startswith("\ufeff") == (form == "excel")
    assert "\r\n" in said


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_csv_is_a_formula(formula):
    _, row = read_back(text([(formula, "x")], "csv"))
    assert row == [f"'{formula}", "x"]


def test_what_goes_on_has_no_second_heading():
    assert text([("a", "b")], "csv", begins=False) == "a,b\r\n"
    assert text([("a", "b")], "excel", begins=False) == "a,b\r\n"


def test_each_line_of_jsonl_is_an_object():
    rows = [(word, formula) for word, formula in zip(ODD, FORMULAS, strict=False)]
    said = text([*rows, (None, "x")], "jsonl")
    lines = said.splitlines()
    assert [json.loads(line) for line in lines] == [
        *({"name": word, "what": formula} for word, formula in rows),
        {"name": None, "what": "x"},
    ]
    assert "zażółć" in said


def test_a_reports_cells_are_plain_in_jsonl():
    cells = (date(2026, 5, 4), timedelta(milliseconds=1500))
    assert json.loads(text([cells], "jsonl")) == {"name": "2026-05-04", "what": 1.5}
    assert json.loads(text([(datetime(2026, 5, 4, tzinfo=UTC), 0.25)], "jsonl"))["what"] == 0.25
