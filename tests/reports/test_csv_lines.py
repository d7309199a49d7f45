"""CSV that every program reads alike, and that no spreadsheet takes for a program (E6, RFC 4180)."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from itertools import count, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resign.reports.csv_lines import csv_lines


def written(*rows, **more):
    return "".join(csv_lines(("a", "b"), rows, **more))


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", " =", "  @"])
def test_no_cell_is_a_formula(begin):
    (_, row) = csv.reader(io.StringIO(written((f"{begin}HYPERLINK(1)", "fine")), newline=""))
    assert row == [f"'{begin}HYPERLINK(1)", "fine"]


def test_every_kind_of_cell():
    moment = datetime(2026, 5, 4, 10, 11, 12, tzinfo=UTC)
    cells = (1, 0.25, None, date(2026, 5, 4), moment, timedelta(seconds=1.5), 'say "x", y', -3)
    assert (
        written(cells) == 'a,b\r\n1,0.2500,,2026-05-04,2026-05-04T10:11:12+00:00,1.500,"say ""x"", y",-3\r\n'
    )


def test_excel_is_told_that_it_is_utf_8():
    assert written(bom=True).encode() == b"\xef\xbb\xbfa,b\r\n"
    assert written().encode() == b"a,b\r\n"


@given(st.lists(st.tuples(st.text(), st.text())))
def test_whatever_is_written_is_read_again(rows):
    read = list(csv.reader(io.StringIO(written(*rows), newline="")))
    assert len(read) == len(rows) + 1
    for (one, other), back in zip(rows, read[1:], strict=True):
        assert back[0] in {one, f"'{one}"}
        assert back[1] in {other, f"'{other}"}


def test_rows_are_written_as_they_come():
    endless = ((number, "x") for number in count())
    assert list(islice(csv_lines(("a", "b"), endless), 3)) == ["a,b\r\n", "0,x\r\n", "1,x\r\n"]
