"""What is different between two themes, as `resign theme diff` and the console show it."""

from resign.themes.changes import changes
from resign.themes.source import ThemeSource


def one(old: bytes | None, new: bytes | None):
    before, after = (ThemeSource({} if each is None else {"style.css": each}) for each in (old, new))
    [change] = changes(before, after)
    return change


def test_a_changed_file_is_told_line_by_line():
    change = one(b"a\nb\nc\n", b"a\nB\nc\n")
    assert change.kind == "changed"
    assert change.lines == (
        "--- old/style.css",
        "+++ new/style.css",
        "@@ -1,3 +1,3 @@",
        " a",
        "-b",
        "+B",
        " c",
    )


def test_files_that_come_and_go_are_told_whole():
    assert one(None, b"a").kind == "added"
    assert one(None, b"a").lines[-1] == "+a"
    assert one(b"a", None).kind == "removed"
    assert one(b"a", None).lines[-1] == "-a"


def test_a_picture_is_told_by_its_size():
    change = one(b"\x89PNG\xff", b"\x89PNG\xff\xff")
    assert (change.lines, change.sizes) == ((), (5, 6))


def test_the_same_files_are_no_difference():
    same = ThemeSource({"style.css": b"a", "theme.toml": b""})
    assert changes(same, same) == []
    assert [each.path for each in changes(ThemeSource({}), same)] == ["style.css", "theme.toml"]


def test_what_would_steer_a_terminal_is_not_handed_on():
    lines = one(None, b"a\x1b]0;owned\x07\xc2\x9b2J" + b"x" * 10_000).lines
    assert all(sign.isprintable() for line in lines for sign in line)
    assert max(map(len, lines)) < 500
