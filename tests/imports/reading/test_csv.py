"""A CSV as programs write them: delimiters, quotes, line ends, headers, and rows that are none."""

import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resign.imports.reading import Unreadable, read, recognise
from resign.imports.reading.shape import LONGEST_ROW, MOST_COLUMNS
from tests.imports.reading.writing import rows_of, told, written


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(tmp_path, delimiter):
    text = "email,choice\nann@example.com,out\nbob@example.com,in\n".replace(",", delimiter)
    shape, rows = rows_of(written(tmp_path, text))
    assert (shape.format, shape.encoding, shape.delimiter) == ("csv", "utf-8", delimiter)
    assert shape.columns == ("email", "choice")
    assert rows == [(2, "ann@example.com", "out"), (3, "bob@example.com", "in")]


def test_a_comma_in_a_number_is_no_delimiter(tmp_path):
    text = "email;score\na@example.com;1,5\nb@example.com;2,5\n"
    assert rows_of(written(tmp_path, text))[0].delimiter == ";"


def test_excel_says_its_delimiter_on_a_line_of_its_own(tmp_path):
    shape, rows = rows_of(written(tmp_path, "sep=;\r\nemail;x\r\na@example.com;1\r\n"))
    assert shape.columns == ("email", "x")
    assert rows == [(2, "a@example.com", "1")]


def test_a_person_may_say_another_delimiter(tmp_path):
    path = written(tmp_path, "a;b#c\n1;2#3\n")
    assert recognise(path, delimiter="#").columns == ("a;b", "c")


@pytest.mark.parametrize("delimiter", ["", "ab", '"', "\n", "\0", "ż"])
def test_a_delimiter_that_is_none_is_refused(tmp_path, delimiter):
    with pytest.raises(Unreadable):
        recognise(written(tmp_path, "a,b\n1,2\n"), delimiter=delimiter)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(tmp_path, end):
    _, rows = rows_of(written(tmp_path, end.join(["email,x", "a@example.com,1", "b@example.com,2", ""])))
    assert rows == [(2, "a@example.com", "1"), (3, "b@example.com", "2")]


def test_a_quoted_value_may_hold_the_delimiter_quotes_and_line_ends(tmp_path):
    _, rows = rows_of(written(tmp_path, 'email,note\na@example.com,"x, ""y""\r\nz"\nb@example.com,\n'))
    assert rows == [(2, "a@example.com", 'x, "y"\r\nz'), (3, "b@example.com", "")]


def test_names_that_are_empty_or_given_twice_are_told_apart(tmp_path):
    shape, rows = rows_of(written(tmp_path, "email,,email, email \na@example.com,1,2,3\n"))
    assert shape.columns == ("email", "column 2", "email (2)", "email (3)")
    assert rows == [(2, "a@example.com", "1", "2", "3")]


@pytest.mark.parametrize("first", ["ann@example.com,out", "1,x", "2026-01-13,x", "x,+48 600 100 200"])
def test_without_a_header_the_first_row_is_one_like_the_others(tmp_path, first):
    shape, rows = rows_of(written(tmp_path, f"{first}\nbob@example.com,in\n"))
    assert shape.columns == ("column 1", "column 2")
    assert rows[0] == (1, *first.split(","))
    assert rows[1] == (2, "bob@example.com", "in")


def test_a_list_of_numbers_loses_not_its_first(tmp_path):
    assert rows_of(written(tmp_path, "1\n2\n"))[1] == [(1, "1"), (2, "2")]


def test_ragged_rows_are_refused_and_the_others_are_not(tmp_path):
    _, rows = rows_of(written(tmp_path, "a,b,c\n1,2\n1,2,3\n1,2,3,4\n1,2,3,,\n\n7,8,9\n"))
    assert rows == [
        (2, "too-few-values"),
        (3, "1", "2", "3"),
        (4, "too-many-values"),
        (5, "1", "2", "3"),
        (7, "7", "8", "9"),
    ]


def test_nul_and_bytes_that_are_no_text_spoil_their_row_only(tmp_path):
    body = b"email,x\na@example.com,1\nb\0@example.com,2\nc@example.com,\xff\nd@example.com,4\n"
    path = written(tmp_path, body)
    shape = recognise(path, encoding="utf-8")
    assert [told(each) for each in read(path, shape)] == [
        (2, "a@example.com", "1"),
        (3, "not-text"),
        (4, "not-text"),
        (5, "d@example.com", "4"),
    ]


@pytest.mark.parametrize("end", ['b@example.com,"he sa', 'b@example.com,"x\nv@example.com,in\n', "b@exam"])
def test_a_file_that_ends_in_the_middle_of_a_row(tmp_path, end):
    _, rows = rows_of(written(tmp_path, "email,x\na@example.com,1\n" + end))
    assert rows == [(2, "a@example.com", "1"), (3, "cut-off")]


def test_the_last_row_may_do_without_a_line_end(tmp_path):
    assert rows_of(written(tmp_path, "email,x\na@example.com,1"))[1] == [(2, "a@example.com", "1")]


def test_a_quote_closed_in_the_middle_of_a_value_spoils_its_row_only(tmp_path):
    _, rows = rows_of(written(tmp_path, 'email,x\n"a"b@example.com,1\nc@example.com,5" pipe\n'))
    assert rows == [(2, "broken-quotes"), (3, "c@example.com", '5" pipe')]


def test_what_stands_within_a_value_that_is_too_long_is_never_taken_for_a_row(tmp_path):
    """The value is what a stranger typed into a form."""
    planted = "victim@example.com,in\n" * (LONGEST_ROW // 10)
    text = f'email,x\na@example.com,1\nb@example.com,"{planted}"\nc@example.com,3\n'
    _, rows = rows_of(written(tmp_path, text))
    assert rows == [(2, "a@example.com", "1"), (3, "too-long"), (4, "c@example.com", "3")]


def test_a_mark_of_inches_in_a_row_that_is_too_long_swallows_nothing(tmp_path):
    text = f'email,x\nb@example.com,5" {"y" * 2 * LONGEST_ROW}" "\nc@example.com,3\n'
    assert rows_of(written(tmp_path, text))[1] == [(2, "too-long"), (3, "c@example.com", "3")]


def test_too_many_columns_are_refused_and_so_is_a_first_row_without_end(tmp_path):
    with pytest.raises(Unreadable, match="columns"):
        recognise(written(tmp_path, "a," * MOST_COLUMNS + "b\n"))
    with pytest.raises(Unreadable, match="characters"):
        recognise(written(tmp_path, "," * LONGEST_ROW * 3))


@pytest.mark.parametrize("body", ["", "\n\n", "  \n", ",,,\n", "\ufeff"])
def test_a_file_with_nothing_in_it_is_refused(tmp_path, body):
    with pytest.raises(Unreadable):
        recognise(written(tmp_path, body))


def test_reading_goes_on_after_a_row(tmp_path):
    path = written(tmp_path, 'email,x\na@example.com,"1\n1"\n\nbad\nc@example.com,3\n')
    whole = rows_of(path)[1]
    for number, *_ in whole:
        assert rows_of(path, after=number)[1] == [row for row in whole if row[0] > number]


_VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@given(st.lists(st.lists(_VALUES, min_size=2, max_size=2), min_size=1, max_size=6))
def test_whatever_is_written_by_a_csv_writer_is_read_back(tmp_path_factory, rows):
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([["name", "value"], *rows])
    path = written(tmp_path_factory.mktemp("csv"), out.getvalue())
    shape = recognise(path, encoding="utf-8", delimiter=",")
    assert [list(each.values.values()) for each in read(path, shape)] == rows


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fall_over(tmp_path_factory, body):
    path = written(tmp_path_factory.mktemp("bytes"), body)
    try:
        shape = recognise(path)
    except Unreadable:
        return
    numbers = [each.number for each in read(path, shape)]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("sign", ["\0", "\x01", "\x0b", "ą", "\ufffd"])
def test_a_file_does_not_say_a_delimiter_that_nobody_may_say(tmp_path, sign):
    path = written(tmp_path, f"sep={sign}\nemail;x\n" + "a@example.com;1\n" * 10)
    assert recognise(path).delimiter in ",;\t|"


def test_many_columns_of_one_long_name_take_no_time(tmp_path):
    path = written(tmp_path, ";".join(["a" * 190] * MOST_COLUMNS) + "\n")
    begun = time.process_time()
    assert len(set(recognise(path).columns)) == MOST_COLUMNS
    assert time.process_time() - begun < 0.5
