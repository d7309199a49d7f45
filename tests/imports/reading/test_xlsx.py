"""Workbooks: what a sheet shows is read, and what a workbook is made of is looked at first."""

import random
import time
import zipfile
from datetime import date, datetime

import pytest

from resign.imports.reading import Unreadable, read, recognise
from resign.imports.reading.xlsx_rows import sheet_names
from tests.imports.reading.writing import rows_of, with_part, workbook, written

_SHOWN = datetime(2026, 1, 2, 3, 4)  # noqa: DTZ001 - a sheet knows no zone
_SHEET = "xl/worksheets/sheet1.xml"
# More than a part may have, and not so dull that it is refused for how small it is packed.
_PADDING = random.Random(7).randbytes(200_000).hex().encode() + (b" " * 1023 + b"<") * (17 * 1024)


def test_the_first_sheet_that_is_not_hidden_is_read(tmp_path):
    path = workbook(
        tmp_path,
        {
            "old": [["email"], ["no@example.com"]],
            "people": [["email", "in", "when"], ["a@example.com", True, _SHOWN], [], ["b@example.com", 2.0, date(2026, 1, 2)]],
        },
        hidden=("old",),
    )  # fmt: skip
    shape, rows = rows_of(path)
    assert (shape.format, shape.sheet, shape.columns) == ("xlsx", "people", ("email", "in", "when"))
    assert rows == [
        (2, "a@example.com", "true", "2026-01-02T03:04:00"),
        (4, "b@example.com", "2", "2026-01-02T00:00:00"),
    ]


def test_formulas_are_not_worked_out(tmp_path):
    path = workbook(tmp_path, {"s": [["email", "x"], ["a@example.com", "=1+1"]]})
    assert rows_of(path)[1] == [(2, "a@example.com", "")]


def test_a_sheet_without_a_header(tmp_path):
    shape, rows = rows_of(workbook(tmp_path, {"s": [["a@example.com", 1], ["b@example.com", 2]]}))
    assert shape.columns == ("column 1", "column 2")
    assert [row[0] for row in rows] == [1, 2]


def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path):
    path = workbook(tmp_path, {"s": [["email"], ["a@example.com"]]})
    with_part(path, _SHEET, lambda content: content.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"'))
    assert rows_of(path)[1] == [(2, "a@example.com")]


def test_a_row_far_away_is_as_far_as_a_sheet_goes(tmp_path):
    path = workbook(tmp_path, {"s": [["email"], ["a@example.com"], ["b@example.com"]]})
    with_part(
        path,
        _SHEET,
        lambda content: content.replace(b'r="3"', b'r="99999999999"').replace(b'"A3"', b'"A99999999999"'),
    )
    assert rows_of(path)[1][0] == (2, "a@example.com")


def _bomb(content: bytes) -> bytes:
    return content.replace(b"<sheetData>", b"<sheetData>" + b" " * 40_000_000)


def _declares(content: bytes) -> bytes:
    return b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + content.split(b"?>", 1)[-1]


def _long(content: bytes) -> bytes:
    return content.replace(b"a@example.com", b"a" * 3_000_000)


@pytest.mark.parametrize(
    ("part", "change"),
    [(_SHEET, _bomb), (_SHEET, _declares), ("xl/workbook.xml", _declares), ("xl/workbook.xml", lambda _: b"<x"), (_SHEET, _long)],
)  # fmt: skip
def test_a_workbook_that_was_made_to_harm_is_refused(tmp_path, part, change):
    path = with_part(workbook(tmp_path, {"s": [["email"], ["a@example.com"]]}), part, change)
    with pytest.raises(Unreadable):
        recognise(path)


def test_the_rows_before_a_break_are_kept(tmp_path):
    rows = [["email"], *[[f"a{place}@example.com"] for place in range(2000)]]
    path = workbook(tmp_path, {"s": rows})
    with_part(path, _SHEET, lambda content: content[: len(content) // 2])
    found = rows_of(path)[1]
    assert found[0] == (2, "a0@example.com")
    assert found[-1][1] == "broken-file"


@pytest.mark.parametrize("keep", [10, 200, 3000])
def test_a_workbook_that_is_cut_off_is_refused(tmp_path, keep):
    path = workbook(tmp_path, {"s": [["email"], ["a@example.com"]]})
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(Unreadable):
        recognise(path)


def test_a_zip_that_is_no_workbook_and_one_with_nothing_in_it_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as packed:
        packed.writestr("a.csv", "email\n")
    with pytest.raises(Unreadable):
        recognise(tmp_path / "x.xlsx")
    with pytest.raises(Unreadable):
        recognise(workbook(tmp_path, {"s": []}))


def test_text_is_no_workbook_because_somebody_says_so(tmp_path):
    with pytest.raises(Unreadable):
        recognise(written(tmp_path, "a,b\n1,2\n"), format="xlsx")
    with pytest.raises(Unreadable):
        recognise(written(tmp_path, "a,b\n1,2\n"), format="docx")


def test_reading_goes_on_after_a_row(tmp_path):
    path = workbook(tmp_path, {"s": [["email"], ["a@example.com"], ["b@example.com"]]})
    assert rows_of(path, after=2)[1] == [(3, "b@example.com")]


def test_rows_that_a_sheet_leaves_out_take_no_time(tmp_path):
    path = workbook(tmp_path, {"s": [["email"], ["a@example.com"], ["b@example.com"]]})
    far = lambda content: content.replace(b'r="3"', b'r="1048576"').replace(b'"A3"', b'"A1048576"')  # noqa: E731
    with_part(path, _SHEET, far)
    begun = time.process_time()
    assert rows_of(path)[1] == [(2, "a@example.com"), (1_048_576, "b@example.com")]
    with_part(
        path,
        _SHEET,
        lambda content: content.replace(b'r="1"', b'r="1048570"').replace(b'"A1"', b'"A1048570"'),
    )
    assert rows_of(path)[0].columns == ("email",)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("junk", [b"<x/>" * 700_000, b'<row r="1">' + b"<c/>" * 700_000 + b"</row>"])
def test_elements_that_are_no_rows_are_not_kept(tmp_path, junk):
    path = workbook(tmp_path, {"s": [["email"], ["a@example.com"]]})
    with_part(path, _SHEET, lambda content: content.replace(b"<sheetData>", b"<sheetData>" + junk))
    with pytest.raises(Unreadable, match="no workbook"):
        recognise(path)


def test_a_first_row_that_the_library_stumbles_over(tmp_path):
    path = workbook(tmp_path, {"s": [["email"]]})
    with_part(path, _SHEET, lambda content: content.replace(b'"A1"', b'"!!"'))
    with pytest.raises(Unreadable):
        recognise(path)


_TEXTS = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("xl/styles.xml", lambda content: content.replace(b"<fonts", b"<!--" + _PADDING + b"--><fonts")),
        ("[Content_Types].xml", lambda content: content.replace(b"</Types>", b"<!--" + _PADDING + b"--></Types>")),
    ],
)  # fmt: skip
def test_what_is_read_whole_may_not_be_large(tmp_path, part, change):
    path = with_part(workbook(tmp_path, {"s": [["email"], ["a@example.com"]]}), part, change)
    with pytest.raises(Unreadable):
        recognise(path)


@pytest.mark.parametrize("said", [_TEXTS, b"application/xml"])
def test_only_what_is_a_sheet_may_be_large(tmp_path, said):
    path = workbook(tmp_path, {"s": [["email"], ["a@example.com"]]})
    with_part(
        path,
        _SHEET,
        lambda content: content.replace(b"</worksheet>", b"<!--" + _PADDING + b"--></worksheet>"),
    )
    assert recognise(path).columns == ("email",)
    other = b'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="' + said + b'"/></Types>'
    with_part(path, "[Content_Types].xml", lambda content: content.replace(b"</Types>", other))
    with pytest.raises(Unreadable):
        recognise(path)


def test_the_sheet_that_somebody_names_is_read(tmp_path):
    path = workbook(
        tmp_path,
        {"Cover": [["About"]], "People": [["email"], ["a@example.com"]], "Empty": [], "Secret": [["email"]]},
        hidden=("Secret",),
    )
    assert recognise(path).sheet == "Cover"
    shape = recognise(path, sheet="People")
    assert (shape.sheet, shape.columns) == ("People", ("email",))
    assert [row.values for row in read(path, shape)] == [{"email": "a@example.com"}]
    assert sheet_names(path) == ["Cover", "People", "Empty"]
    for named in ("Secret", "Nowhere", ""):
        with pytest.raises(Unreadable, match="no sheet of that name"):
            recognise(path, sheet=named)
    with pytest.raises(Unreadable, match="That sheet holds no row"):
        recognise(path, sheet="Empty")
