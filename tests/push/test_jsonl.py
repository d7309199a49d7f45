"""One JSON object in each line, or a reason why not."""

import pytest

from resign.push.lines import CannotRead


def test_objects_name_profiles(jsonl_of):
    found = jsonl_of(
        '{"email": "a@b.example", "note": {"deep": [1]}}\n\n{"ClientId": 7, "email": "b@b.example"}\r\n'
        '{"custom id": "C-1"}\n{"customId": 1042, "email": null}'
    )
    assert found.texts == {1: "email a@b.example", 3: "clientId 7", 4: "customId C-1", 5: "customId 1042"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[1]", "the line is no JSON object"),
        ('"a@b.example"', "the line is no JSON object"),
        ("null", "the line is no JSON object"),
        ('{"email": "a@b.example"', "the line is not JSON"),
        ('{"email": "a@b.example", "score": NaN}', "the line is not JSON"),
        ('{"clientId": 1e400}', "clientId: this is no text"),
        ('{"clientId": Infinity}', "the line is not JSON"),
        ('{"email": {"email": "a@b.example"}}', "email: this is no text"),
        ('{"email": 7}', "email: this is no text"),
        ('{"clientId": true}', "clientId: this is no text"),
        ('{"clientId": 7.0}', "clientId: this is no text"),
        ('{"clientId": ' + "9" * 4000 + "}", "clientId: an identifier has 1 to 254 characters"),
        ('{"clientId": ' + "9" * 5000 + "}", "the line is not JSON"),
        ('{"clientId": -7}', "clientId: a clientId is a whole number"),
        ('{"clientId": 9223372036854775808}', "clientId: a clientId is a whole number"),
        ('{"email": "a@b.example", "Email": "b@b.example"}', "email stands in the object more than once"),
        ('{"email": "a\\ud800@b.example"}', "email: the identifier holds a character that Synerise refuses"),
        ('{"phone": "1"}', "the row names nobody"),
        ("{}", "the row names nobody"),
        ("[" * 100_000, "the line is not JSON"),
        ('{"a":' * 20_000, "the line is not JSON"),
        ("email,name", "the line is not JSON"),
    ],
)
def test_a_line_of_another_shape_has_its_reason(jsonl_of, line, reason):
    found = jsonl_of(f'{line}\n{{"email": "last@b.example"}}\n')
    assert found.texts[1].startswith(reason)
    assert found.texts[2] == "email last@b.example"


def test_a_line_that_is_not_utf_8_has_its_reason(jsonl_of):
    assert jsonl_of(b'{"email": "\xe9@b.example"}\n').texts[1].startswith("the line is not UTF-8")


def test_an_empty_file_is_none(jsonl_of):
    with pytest.raises(CannotRead, match="empty"):
        jsonl_of("")


def test_only_empty_lines_are_no_rows(jsonl_of):
    assert jsonl_of("\n \n\t\n").rows == []
