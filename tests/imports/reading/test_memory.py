"""Memory stays flat however long a file, a row or a value is; and a row that never ends takes no time to speak of."""

import gzip
import time
import tracemalloc

import pytest

from resign.imports.reading import Reject, Unreadable, read, recognise
from tests.imports.reading.writing import workbook, written

_MIB = 1024 * 1024


def _most_memory(path, **said):
    """How much more was held at once than before, in bytes, and how many rows there were."""
    tracemalloc.start()
    try:
        shape = recognise(path, **said)
        rows = sum(1 for _ in read(path, shape))
        return tracemalloc.get_traced_memory()[1], rows
    finally:
        tracemalloc.stop()


_ONE = {
    "csv": ("email,choice,when\n", "a{}@example.com,opt-out,2026-01-02T03:04:05Z\n", ""),
    "jsonl": ("", '{{"email": "a{}@example.com", "choice": "opt-out"}}\n', ""),
    "json": ('{"rows": [', '{{"email": "a{}@example.com", "choice": "opt-out"}},\n', '{"email": "z"}]}'),
    "xml": ("<all>", "<p><email>a{}@example.com</email><choice>opt-out</choice></p>\n", "</all>"),
}


@pytest.mark.parametrize("made", _ONE)
def test_a_file_twenty_times_as_long_takes_no_more_memory(tmp_path, made):
    before, one, after = _ONE[made]

    def of(rows):
        path = tmp_path / str(rows)
        path.write_text(before + "".join(one.format(place) for place in range(rows)) + after)
        return _most_memory(path)

    of(10)
    (few, rows), (many, more) = of(8_000), of(24_000)
    assert more - rows == 16_000
    assert many < few + _MIB // 2
    assert many < 8 * _MIB


def test_a_long_sheet_takes_no_more_memory(tmp_path):
    def of(rows):
        folder = tmp_path / str(rows)
        folder.mkdir()
        return _most_memory(workbook(folder, {"s": [["email"], *[[place] for place in range(rows)]]}))[0]

    of(10)
    assert of(6_000) < of(1_000) + 2 * _MIB


@pytest.mark.parametrize(
    ("head", "repeated", "tail"),
    [
        (b"email,x\na@example.com,1\n", b",", b"\nb@example.com,2\n"),
        (b"email,x\na@example.com,1\n", b"y", b"\nb@example.com,2\n"),
        (b'email,x\na@example.com,1\nc@example.com,"', b"v@example.com,2\n", b'"\nb@example.com,2\n'),
        (b'email,x\na@example.com,1\nc@example.com,"', b'""', b'"\nb@example.com,2\n'),
        (b'{"email": "a@example.com"}\n{"email": "', b"x", b'"}\n{"email": "b@example.com"}\n'),
        (b'{"email": "a@example.com"}\n', b"[", b'\n{"email": "b@example.com"}\n'),
    ],
)
def test_a_row_without_end_is_refused_in_little_memory_and_time(tmp_path, head, repeated, tail):
    """50 MB of it, the size that issue 6 names; the row behind it is read."""
    path = tmp_path / "file"
    with path.open("wb") as out:
        out.write(head)
        block = repeated * (_MIB // len(repeated))
        for _ in range(50):
            out.write(block)
        out.write(tail)
    began = time.process_time()
    shape = recognise(path, encoding="utf-8")
    rows = list(read(path, shape))
    assert time.process_time() - began < 20
    assert [isinstance(each, Reject) for each in rows] == [False, True, False]
    assert rows[1].reason == "too-long"
    if repeated == b"y":
        assert _most_memory(path, encoding="utf-8")[0] < 8 * _MIB


@pytest.mark.parametrize(
    "begins", [b"", b"[", b'[{"a": "', b"<a>", b"<a b='", b"<", b'"', b"[" * 1000, b"\xff\xfe"]
)
def test_a_beginning_without_end_is_refused_in_little_memory(tmp_path, begins):
    path = written(tmp_path, gzip.compress(begins + b"x " * 4 * _MIB))
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable):
            recognise(path)
        assert tracemalloc.get_traced_memory()[1] < 12 * _MIB
    finally:
        tracemalloc.stop()
