"""Packed files: read as if they were not, up to where they grow beyond measure or break off."""

import gzip

import pytest

from resign.imports.reading import Unreadable, recognise
from tests.imports.reading.writing import packed, rows_of

_CSV = b"email,x\na@example.com,1\nb@example.com,2\n"


@pytest.mark.parametrize(
    "content",
    [_CSV, b'{"email": "a@example.com", "x": 1}\n{"email": "b@example.com", "x": 2}\n', b'[{"email": "a@example.com", "x": 1}, {"email": "b@example.com", "x": 2}]', b"<a><p email='a@example.com' x='1'/><p email='b@example.com' x='2'/></a>"],
)  # fmt: skip
def test_gzip_is_unpacked_on_the_way(tmp_path, content):
    assert [row[1:] for row in rows_of(packed(tmp_path, content))[1]] == [
        ("a@example.com", "1"),
        ("b@example.com", "2"),
    ]


def test_a_bomb_is_refused_before_it_has_grown(tmp_path):
    path = packed(tmp_path, b"email,x\n" + b"a@example.com,1\n" * 4_000_000)
    with pytest.raises(Unreadable, match="grows"):
        rows_of(path)
    assert len(path.read_bytes()) < 300_000


def test_packed_twice_is_refused(tmp_path):
    with pytest.raises(Unreadable, match="twice"):
        recognise(packed(tmp_path, gzip.compress(_CSV)))


@pytest.mark.parametrize("make", ["csv", "jsonl"])
def test_the_row_in_which_a_packed_file_breaks_off_is_refused(tmp_path, make):
    lines = [f"a{place}@example.com" for place in range(5000)]
    text = "email,x\n" + "".join(f"{line},{hash(line)}\n" for line in lines)
    if make == "jsonl":
        text = "".join(f'{{"email": "{line}", "x": {hash(line)}}}\n' for line in lines)
    path = packed(tmp_path, text.encode())
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    rows = rows_of(path)[1]
    assert rows[-1][1] == "cut-off"
    assert [row[1] for row in rows[:-1]] == lines[: len(rows) - 1]
    assert len(rows) > 1000


def test_what_is_broken_in_the_middle_is_as_if_it_broke_off(tmp_path):
    path = packed(tmp_path, _CSV * 100)
    whole = bytearray(path.read_bytes())
    whole[-8] ^= 0xFF
    path.write_bytes(bytes(whole))
    assert rows_of(path)[1][-1][1] == "cut-off"


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(Unreadable):
        recognise(tmp_path / "none")
