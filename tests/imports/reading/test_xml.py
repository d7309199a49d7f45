"""XML: rows are found, and nothing is declared, fetched or grown."""

import pytest

from resign.imports.reading import Unreadable, recognise
from resign.imports.reading.shape import DEEPEST, LONGEST_ROW
from tests.imports.reading.writing import rows_of, written

_A = "<p><email>a@example.com</email><in> yes </in></p>"
_B = "<p><email>b@example.com</email><in/></p>"
_READ = [(1, "a@example.com", "yes"), (2, "b@example.com", "")]


@pytest.mark.parametrize(
    "text",
    [
        f"<all>{_A}{_B}</all>",
        f"<?xml version='1.0'?>\n<!-- x --><all date='x'><made>now</made>{_A}\n{_B}</all>",
        f"<all xmlns='urn:x'><within>{_A}{_B}</within></all>",
    ],
)
def test_the_element_that_is_repeated_is_a_row(tmp_path, text):
    shape, rows = rows_of(written(tmp_path, text))
    assert (shape.format, shape.record, shape.columns) == ("xml", "p", ("email", "in"))
    assert rows == _READ


def test_attributes_are_values(tmp_path):
    shape, rows = rows_of(written(tmp_path, '<all><p id="1" x="a"/><p id="2" x="b"/></all>'))
    assert (shape.columns, rows) == (("id", "x"), [(1, "1", "a"), (2, "2", "b")])


def test_a_mere_list_of_values(tmp_path):
    shape, rows = rows_of(written(tmp_path, "<all><e>a@example.com</e><e>b@example.com</e></all>"))
    assert (shape.record, shape.columns) == ("e", ("value",))
    assert rows == [(1, "a@example.com"), (2, "b@example.com")]


@pytest.mark.parametrize("encoding", ["windows-1250", "iso-8859-2", "utf-8", "utf-16"])
def test_its_own_word_for_its_encoding_counts(tmp_path, encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?><all><p><n>Łódź</n></p><p><n>Ćma</n></p></all>'
    assert rows_of(written(tmp_path, text, encoding=encoding))[1] == [(1, "Łódź"), (2, "Ćma")]


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]><all>&x;</all>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><all><p><e>&x;</e></p></all>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><all><p><e>1</e></p></all>',
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;]><all><p><e>1</e></p></all>',
        "<!DOCTYPE a [<!ENTITY a0 'ha'>"
        + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
        + "]><all><p><e>&a11;</e></p></all>",
    ],
)
def test_what_declares_anything_is_refused(tmp_path, text):
    path = written(tmp_path, text)
    with pytest.raises(Unreadable, match="declares"):
        rows_of(path)


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("", "cut-off"),
        ("<p><email>c@exam", "cut-off"),
        ("<p><email>c</wrong></p></all>", "broken-file"),
        ("<p><email>&nothing;</email></p></all>", "broken-file"),
        ("<d>" * (DEEPEST + 1), "broken-file"),
        (f"<p><email>{'x' * 3 * LONGEST_ROW}</email></p></all>", "broken-file"),
        (f"<p a='{'x' * 3 * LONGEST_ROW}'/></all>", "broken-file"),
        ("</all><all/>", "broken-file"),
    ],
)
def test_the_rows_before_a_break_are_kept(tmp_path, end, reason):
    assert rows_of(written(tmp_path, f"<all>{_A}{_B}{end}"))[1] == [*_READ, (3, reason)]


def test_values_within_values_and_values_given_twice_spoil_their_row_only(tmp_path):
    text = f"<all>{_A}<p><email><x>1</x></email></p><p><in>1</in><in>2</in></p><p><p><email>c</email></p></p>{_B}</all>"
    assert rows_of(written(tmp_path, text))[1] == [
        _READ[0],
        (2, "nested"),
        (3, "repeated-value"),
        (4, "nested"),
        (5, *_READ[1][1:]),
    ]


@pytest.mark.parametrize("text", ["<", "<a/>", "<a></b>", "<d>" * 5000, "<all>" + "x" * 300_000])
def test_what_holds_no_rows_is_refused(tmp_path, text):
    with pytest.raises(Unreadable):
        recognise(written(tmp_path, text))


def test_reading_goes_on_after_a_row(tmp_path):
    assert rows_of(written(tmp_path, f"<all>{_A}{_B}</all>"), after=1)[1] == _READ[1:]
