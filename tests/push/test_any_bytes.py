"""Whatever bytes a file is made of: reading never raises, and no line that holds anything goes missing."""

import io
from contextlib import suppress

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from resign.profile import Profile
from resign.push.columns import Columns
from resign.push.csv_rows import CsvRows
from resign.push.jsonl_rows import JsonlRows
from resign.push.lines import CannotRead, Lines
from resign.push.rows import profile_of

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
PIECES = st.sampled_from(
    [b"a@b.example", b'"', b'""', b",", b"\n", b"\r\n", b"\r", b"\xff", b"\x00", b"7", b"{", b"}", b'{"email":"a@b.c"}',
     b"email", b":", "😀".encode(), b"\xef\xbb\xbf", b" ", b"\\", b"[", b"=1"]
)  # fmt: skip
BYTES = st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=60).map(b"".join))


def all_of(rows):
    found = []
    while (row := rows.next()) is not None:
        found.append((row, rows.end, rows.last_line))
    return found


@patient
@given(BYTES)
@example(b'"\n""\n""\n')
def test_a_csv_of_anything(body):
    content = b"email,clientId\n" + body
    found = all_of(CsvRows(Lines(io.BytesIO(content)), Columns.of()))
    check(found, content, first_line=2)


@patient
@given(BYTES.filter(bool))
def test_a_jsonl_of_anything(content):
    try:
        rows = JsonlRows(Lines(io.BytesIO(content)), Columns.of())
    except CannotRead:
        assert content.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff"))
        return
    check(all_of(rows), content, first_line=1)


@patient
@given(st.binary(max_size=200))
def test_a_header_of_anything(content):
    with suppress(CannotRead):
        all_of(CsvRows(Lines(io.BytesIO(content)), Columns.of()))


@patient
@given(BYTES, st.integers(0, 20))
def test_whoever_goes_on_behind_a_row_reads_the_same_rows(body, place):
    content = b"email,clientId\n" + body
    whole = all_of(CsvRows(Lines(io.BytesIO(content)), Columns.of()))
    if place < len(whole):
        again = CsvRows(Lines(io.BytesIO(content)), Columns.of())
        again.go_to(*whole[place][1:])
        assert all_of(again) == whole[place + 1 :]


def check(found, content, first_line):
    lines = content.split(b"\n")
    covered = set()
    position = len(b"\n".join(lines[: first_line - 1])) + (first_line > 1)
    for row, end, last_line in found:
        assert end > position
        assert content[:end].count(b"\n") + (not content[:end].endswith(b"\n")) == last_line
        assert row.line <= last_line
        covered |= set(range(row.line, last_line + 1))
        position = end
        assert isinstance(profile_of(row), Profile | str)
    for number, line in enumerate(lines[first_line - 1 :], first_line):
        # An empty line is no row; in CSV also one of nothing but a carriage return.
        assert number in covered or not line.strip(b" \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\xef\xbb\xbf"), (
            number,
            line,
        )
