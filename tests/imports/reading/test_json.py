"""JSON: an array, an object with an array in it, or an object on each line."""

import pytest

from resign.imports.reading import Unreadable, recognise
from resign.imports.reading.shape import LONGEST_ROW
from tests.imports.reading.writing import rows_of, written

_TWO = '{"email": "a@example.com", "in": true}, {"email": "b@example.com", "in": null}'
_READ = [(1, "a@example.com", "true"), (2, "b@example.com", "")]


@pytest.mark.parametrize(
    ("text", "record"),
    [
        (f"[{_TWO}]", ""),
        (f"\ufeff [\n{_TWO}\n]\n", ""),
        (f'{{"data": {{"rows": [{_TWO}]}}, "next": null}}', "data.rows"),
        (f'{{"tags": ["x"],\n "people": [{_TWO}]}}', "people"),
    ],
)
def test_an_array_is_read_wherever_it_stands(tmp_path, text, record):
    shape, rows = rows_of(written(tmp_path, text))
    assert (shape.format, shape.record, shape.columns) == ("json", record, ("email", "in"))
    assert rows == _READ


def test_an_object_on_each_line(tmp_path):
    text = _TWO.replace("}, {", "}\n{") + "\n"
    shape, rows = rows_of(written(tmp_path, text))
    assert (shape.format, rows) == ("jsonl", _READ)


def test_one_object_is_a_file_of_one_line(tmp_path):
    assert rows_of(written(tmp_path, '{"email": "a@example.com"}'))[1] == [(1, "a@example.com")]


def test_json_in_another_encoding(tmp_path):
    for encoding in ("utf-16", "cp1250"):
        path = written(tmp_path, '[{"n": "Łódź"}, {"n": "Święto"}]', encoding=encoding)
        assert rows_of(path)[1] == [(1, "Łódź"), (2, "Święto")]


def test_numbers_stay_as_they_are_written(tmp_path):
    text = '{"id": 12345678901234567890, "x": 1.10}\n{"id": %s, "x": 1e400}\n' % ("9" * 5000)
    assert rows_of(written(tmp_path, text))[1] == [
        (1, "12345678901234567890", "1.10"),
        (2, "9" * 5000, "1e400"),
    ]
    assert rows_of(written(tmp_path, '[{"id": 12345678901234567890, "x": 1.10}]'))[1] == [
        (1, "12345678901234567890", "1.10")
    ]


def test_each_line_is_read_or_refused_by_itself(tmp_path):
    lines = [
        '{"email": "a@example.com", "x": 1}',
        '{"email": "b@example.com", "x": {"y": 1}}',
        '["c@example.com", 1]',
        '"d@example.com"',
        "{'email': 1}",
        '{"email": "e@example.com", "email": "f@example.com"}',
        '{"email": "g@example.com", "x": "\\u0000"}',
        '{"email": "h@example.com", "x": "\\ud800"}',
        '{"email": "%s"}' % ("i" * LONGEST_ROW),
        "[" * 50_000,
        '{"a":' * 15_000,
        "",
        '{"other": 1}',
        '{"email": "j@example.com", "x"',
    ]
    assert rows_of(written(tmp_path, "\n".join(lines)))[1] == [
        (1, "a@example.com", "1", ""),
        (2, "nested"),
        (3, "not-an-object"),
        (4, "not-an-object"),
        (5, "not-json"),
        (6, "repeated-value"),
        (7, "not-text"),
        (8, "not-text"),
        (9, "too-long"),
        (10, "nested"),
        (11, "nested"),
        (13, "", "", "1"),
        (14, "cut-off"),
    ]


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("", "cut-off"),
        (', {"email": "c', "cut-off"),
        (', {"email"', "cut-off"),
        (", nonsense]", "broken-file"),
        ("]]", "broken-file"),
        (', {"email": "%s"}]' % ("i" * 3 * LONGEST_ROW), "broken-file"),
        ("," + "[" * 3 * LONGEST_ROW, "broken-file"),
        ("," + '{"a":' * LONGEST_ROW, "broken-file"),
    ],
)
def test_the_rows_before_a_break_are_kept(tmp_path, end, reason):
    assert rows_of(written(tmp_path, f"[{_TWO}{end}"))[1] == [*_READ, (3, reason)]


def test_what_an_array_may_hold_besides(tmp_path):
    text = '[{"a": 1}, 2, "x", null, [], {"a": []}, {"a": 1, "a": 2}, {"a": 1e9999999}, {"a": "\\u0000"}, {"a": 2}]'
    assert rows_of(written(tmp_path, text))[1] == [
        (1, "1"),
        *((number, "not-an-object") for number in range(2, 6)),
        (6, "nested"),
        (7, "repeated-value"),
        (8, "1E+9999999"),
        (9, "not-text"),
        (10, "2"),
    ]


@pytest.mark.parametrize(
    "text", ["[]", "{}", "[1, 2]", '["a@example.com"]', "[" * 90_000, '{"a": {"b": 1}}', "[{}]", "{"]
)
def test_what_holds_no_objects_is_refused(tmp_path, text):
    with pytest.raises(Unreadable):
        recognise(written(tmp_path, text))


def test_reading_goes_on_after_a_row(tmp_path):
    for text in (f"[{_TWO}]", _TWO.replace("}, {", "}\n{")):
        assert rows_of(written(tmp_path, text), after=1)[1] == _READ[1:]


@pytest.mark.parametrize("name", ["a\\u0000b", "z" * 90_000])
def test_a_list_below_a_name_that_is_none(tmp_path, name):
    with pytest.raises(Unreadable, match="name that is none"):
        recognise(written(tmp_path, f'{{"{name}": [{{"email": "a@example.com"}}]}}'))
