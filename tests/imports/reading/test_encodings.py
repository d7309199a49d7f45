"""Which encoding a file is in is found out, and may be said."""

import codecs

import pytest

from resign.imports.reading import Unreadable, recognise
from tests.imports.reading.writing import rows_of, written

_POLISH = "e-mail;imię;miasto\n" + "".join(
    f"osoba{place}@example.com;{name};{town}\n"
    for place, (name, town) in enumerate(
        [("Michał", "Łódź"), ("Świętosława", "Kraków"), ("Żaneta", "Gdańsk"), ("Józef", "Bełżec")] * 5
    )
)
_FRENCH = "email;name;ort\n" + "".join(
    f"p{place}@example.com;{name};{town}\n"
    for place, (name, town) in enumerate(
        [("Hélène Lefèvre", "Besançon"), ("Benoît Château", "Nîmes"), ("Zoë Garçon à Paris", "Orléans, où")]
        * 5
    )
)


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (_POLISH, "utf-8", "utf-8"),
        (_POLISH, "utf-8-sig", "utf-8-sig"),
        (_POLISH, "utf-16", "utf-16"),
        (_POLISH, "utf-16-le", "utf-16-le"),
        (_POLISH, "utf-16-be", "utf-16-be"),
        (_POLISH, "utf-32", "utf-32"),
        (_POLISH, "cp1250", "windows-1250"),
        (_POLISH, "iso8859-2", "iso-8859-2"),
        (_FRENCH, "cp1252", "windows-1252"),
    ],
)
def test_the_encoding_is_found_out(tmp_path, text, encoding, found):
    shape, rows = rows_of(written(tmp_path, text, encoding=encoding))
    assert shape.encoding == found
    lines = text.splitlines()
    assert shape.columns == tuple(lines[0].split(";"))
    assert [row[1:] for row in rows] == [tuple(line.split(";")) for line in lines[1:]]


def test_letters_far_behind_plain_text_are_found(tmp_path):
    plain = "email;name\n" + "someone@example.com;Someone\n" * 60_000
    path = written(tmp_path, (plain + "z@example.com;Michał Żółć Święty\n").encode("cp1250"))
    assert recognise(path).encoding == "windows-1250"


def test_a_person_may_say_another_encoding(tmp_path):
    path = written(tmp_path, "email;name\na@example.com;Łukasz\n".encode("cp1250"))
    shape, rows = rows_of(path, encoding="cp1250")
    assert (shape.encoding, rows) == ("cp1250", [(2, "a@example.com", "Łukasz")])


@pytest.mark.parametrize(
    "name", ["klingon", "rot13", "zip", "base64", "idna", "unicode_escape", "a" * 500, "\0"]
)
def test_an_encoding_that_is_none_is_refused(tmp_path, name):
    with pytest.raises(Unreadable):
        recognise(written(tmp_path, "a,b\n1,2\n"), encoding=name)


@pytest.mark.parametrize("name", ["utf-16", "utf-32"])
def test_a_wrong_encoding_is_said(tmp_path, name):
    with pytest.raises(Unreadable):
        rows_of(written(tmp_path, "e,x\na@example.com,z\n"), encoding=name)


@pytest.mark.parametrize("name", ["utf-8", "ascii", "shift_jis"])
def test_a_wrong_encoding_spoils_the_rows_that_are_none_in_it(tmp_path, name):
    path = written(tmp_path, "e,x\na@example.com,1\nb@example.com,ż\n".encode("cp1250"))
    assert rows_of(path, encoding=name)[1][0] == (2, "a@example.com", "1")


@pytest.mark.parametrize(
    "body",
    [
        bytes(range(256)) * 10,
        b"%PDF-1.7 x",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0",
    ],
)
def test_what_is_no_text_is_refused(tmp_path, body):
    with pytest.raises(Unreadable):
        recognise(written(tmp_path, body))


def test_the_mark_of_utf_8_is_no_part_of_the_first_name(tmp_path):
    assert recognise(written(tmp_path, codecs.BOM_UTF8 + b'"email",x\n')).columns == ("email", "x")
