"""What was noted stands, what was half written does not, and two processes do not push the same file."""

import pytest

from resign.push.journal import InUse, Journal, Span, merged, noted

ONE = Span(10, 20, 3, 2, 2, 0, 0)
TWO = Span(20, 40, 5, 2, 1, 1, 77)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "push" / "one.journal"


@pytest.fixture
def begun(path, tmp_path):
    with Journal(path) as journal:
        assert journal.is_new
        journal.note_rejects(tmp_path / "rejects.csv")
        journal.note(TWO)
        journal.note(ONE)
    return path


def test_what_was_noted_is_there_again(begun, tmp_path):
    with Journal(begun) as journal:
        assert journal.spans == [TWO, ONE]
        assert journal.rejects_path == tmp_path / "rejects.csv"
        assert not journal.finished
        assert not journal.is_new
        journal.finish()
    assert noted(begun).finished


@pytest.mark.parametrize(
    "torn", [b'{"start": 40, "en', b'{"start": 40}\n', b"\x00" * 50, b'{"end": true}', b"7\n"]
)
def test_a_line_that_is_torn_is_taken_off_and_the_next_stands_behind_the_last_whole_one(begun, torn):
    whole = begun.read_bytes()
    begun.write_bytes(whole + torn)
    with Journal(begun) as journal:
        assert journal.spans == [TWO, ONE]
        assert not journal.finished
        journal.note(ONE)
    assert begun.read_bytes().startswith(whole + b'{"start": 10')
    assert noted(begun).spans == [TWO, ONE, ONE]


def test_a_file_that_is_no_journal_is_begun_anew(path):
    path.parent.mkdir()
    path.write_bytes(b"\x00garbage\n")
    with Journal(path) as journal:
        assert journal.is_new
    assert path.read_bytes() == b""


def test_again_forgets_what_was_done_but_not_where_the_rejects_went(begun, tmp_path):
    with Journal(begun, anew=True) as journal:
        assert journal.spans == []
        assert journal.is_new
        assert journal.rejects_path == tmp_path / "rejects.csv"


def test_a_second_process_is_kept_out_until_the_first_is_gone(begun):
    with Journal(begun), pytest.raises(InUse):
        Journal(begun)
    Journal(begun).close()


def test_only_its_owner_may_read_it(begun):
    assert begun.stat().st_mode & 0o777 == 0o600
    assert begun.parent.stat().st_mode & 0o777 == 0o700


def test_spans_that_touch_are_one():
    assert merged([TWO, ONE]) == {10: Span(10, 40, 5, 4, 3, 1)}
    assert set(merged([ONE, Span(30, 40, 9, 1, 1, 0)])) == {10, 30}
    assert merged([]) == {}
