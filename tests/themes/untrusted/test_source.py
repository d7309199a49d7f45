"""A theme's files: what is read of a folder and of an archive, and what is refused, each with a remedy."""

import contextlib
import io
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resign.themes import manifest
from resign.themes.fault import BadTheme
from resign.themes.source import ThemeSource, changeable, read
from tests.themes.untrusted.conftest import theme_of

FILES = {"theme.toml": b'[colours]\nink = "#000000"\n', "templates/optout.html": b"x", "texts/pl.toml": b""}


def faults(files: dict[str, str | bytes]) -> list[tuple[str, str, str, int | None]]:
    with pytest.raises(BadTheme) as bad:
        read(theme_of(files))
    return [(fault.where, fault.what, fault.remedy, fault.line) for fault in bad.value.faults]


def zipped(entries: dict[str, bytes], **options: object) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for path, content in entries.items():
            opened.writestr(path, content, **options)
    return archive.getvalue()


def test_a_folder_becomes_a_theme_and_a_folder_again(tmp_path: Path):
    theme = ThemeSource(FILES)
    theme.to_folder(tmp_path / "a")
    assert ThemeSource.from_folder(tmp_path / "a") == theme


def test_the_archive_and_the_digest_depend_on_the_files_alone():
    theme, turned = ThemeSource(FILES), ThemeSource(dict(reversed(FILES.items())))
    assert theme.to_archive() == turned.to_archive()
    assert theme.digest == turned.digest
    assert len(theme.digest) == 16
    assert ThemeSource.from_archive(theme.to_archive()) == theme
    assert theme.with_file("style.css", b"a{}").digest != theme.digest
    assert theme.with_file("style.css", b"a{}").with_file("style.css", None) == theme
    assert ThemeSource({"a": b"b", "c": b""}).digest != ThemeSource({"a": b"", "c": b"b"}).digest


def test_a_theme_cannot_be_changed():
    with pytest.raises(TypeError):
        ThemeSource(FILES).files["a"] = b""


def test_hidden_files_are_left_out(tmp_path: Path):
    ThemeSource(FILES).to_folder(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("x")
    (tmp_path / ".DS_Store").write_text("x")
    assert ThemeSource.from_folder(tmp_path) == ThemeSource(FILES)


@pytest.mark.parametrize("to", ["/etc/passwd", "/etc", "nowhere"])
def test_a_link_is_refused(tmp_path: Path, to: str):
    (tmp_path / "style.css").symlink_to(to)
    with pytest.raises(BadTheme, match="link"):
        ThemeSource.from_folder(tmp_path)


def test_too_much_is_refused_everywhere(tmp_path: Path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "big").write_bytes(bytes(3 << 20))
    (tmp_path / "b").mkdir()
    for number in range(201):
        (tmp_path / "b" / str(number)).write_bytes(b"")
    for folder in ("a", "b"):
        with pytest.raises(BadTheme, match=r"too much|too many"):
            ThemeSource.from_folder(tmp_path / folder)
    with pytest.raises(BadTheme, match="too large"):
        ThemeSource({"big": bytes(3 << 20)})
    with pytest.raises(BadTheme, match="too large"):
        ThemeSource({str(number): b"" for number in range(201)})
    with pytest.raises(BadTheme, match="no folder"):
        ThemeSource.from_folder(tmp_path / "none")


@pytest.mark.parametrize(
    "path", ["../a", "/a", "a/../b", "a\\b", "", "a\0", ".hidden", "a/.b", "a//b", "é", "a" * 90]
)
def test_a_path_that_leads_elsewhere_is_refused(path: str):
    with pytest.raises(BadTheme):
        ThemeSource({path: b""})
    with pytest.raises(BadTheme):
        ThemeSource({}).with_file(path, b"")


def test_a_bomb_is_refused_by_what_it_says_and_by_what_it_is():
    bomb = zipped({"style.css": bytes(50 << 20)})
    assert len(bomb) < 100_000
    with pytest.raises(BadTheme, match="unfolds to too much"):
        ThemeSource.from_archive(bomb)
    # The directory at the end lies: a few bytes, it says.
    size = (50 << 20).to_bytes(4, "little")
    with pytest.raises(BadTheme):
        ThemeSource.from_archive(bomb.replace(size, (5).to_bytes(4, "little")))


def test_an_archive_with_what_no_theme_has_is_refused():
    link = zipfile.ZipInfo("style.css")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr(link, "/etc/passwd")
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as opened:
        opened.writestr("a", "1")
        with pytest.warns(UserWarning, match="Duplicate"):
            opened.writestr("a", "2")
    for content in (
        archive.getvalue(),
        twice.getvalue(),
        zipped({"../a": b""}),
        bytes(5 << 20),
        b"",
        b"PK\x05\x06",
    ):
        with pytest.raises(BadTheme):
            ThemeSource.from_archive(content)
    assert ThemeSource.from_archive(zipped({"templates/": b"", "style.css": b""})).files == {"style.css": b""}


@given(st.binary(max_size=300))
def test_no_bytes_are_more_than_a_bad_theme(content: bytes):
    for bytes_ in (content, ThemeSource(FILES).to_archive()[:-40] + content):
        with contextlib.suppress(BadTheme):
            ThemeSource.from_archive(bytes_)


@given(st.text(max_size=200))
def test_no_text_is_more_than_a_bad_theme(text: str):
    for path in ("theme.toml", "texts/en.toml", "style.css", "templates/optout.html"):
        with contextlib.suppress(BadTheme):
            read(ThemeSource({path: text.encode("utf-8", "surrogatepass")}))


def test_an_unknown_file_is_named_with_what_was_probably_meant():
    found = {
        where: remedy
        for where, _, remedy, _ in faults({"templates/optuot.html": "", "styles.css": "", "logo.png": ""})
    }
    assert found == {
        "templates/optuot.html": "Did you mean `templates/optout.html`?",
        "styles.css": "Did you mean `style.css`?",
        "logo.png": 'Name it in theme.toml, above all tables: logo = "logo.png"',
    }


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("Templates/optout.html", "templates/optout.html"),
        ("templates/OptOut.html", "templates/optout.html"),
        ("template/done.html", "templates/done.html"),
        ("optout.html", "templates/optout.html"),
        ("text/pl.toml", "texts/pl.toml"),
        ("Texts/PL.toml", "texts/pl.toml"),
        ("texts/pl.tml", "texts/pl.toml"),
        ("pl.toml", "texts/pl.toml"),
        ("Style.CSS", "style.css"),
        ("css/style.css", "style.css"),
        ("Theme.toml", "theme.toml"),
    ],
)
def test_a_file_in_the_wrong_place_or_case_is_told_its_name(path: str, meant: str):
    assert [remedy for _, _, remedy, _ in faults({path: ""})] == [f"Did you mean `{meant}`?"]


def test_what_is_around_every_page_is_nobodys_to_change():
    assert "shell.html" not in changeable()
    assert "layout.html" in changeable()
    [(where, _, remedy, _)] = faults({"templates/shell.html": ""})
    assert where == "templates/shell.html"
    assert "layout.html" in remedy


def test_every_fault_is_told_at_once_with_its_line():
    found = faults(
        {
            "theme.toml": '[colors]\nink = "#000000"\n[colours]\npaper = "white"\nsfot = "#000000"\n[sender]\nname = "A"\n',
            "texts/pl.toml": '"a" = "b"\n"c" = "%s"\n',
            "style.css": "a{}\n@import 'x';\n",
        }
    )
    assert {(where, line) for where, _, _, line in found} == {
        ("theme.toml", 1),
        ("theme.toml", 4),
        ("theme.toml", 5),
        ("theme.toml", 6),
        ("texts/pl.toml", 2),
        ("style.css", 2),
    }
    assert "Did you mean `soft`?" in {remedy for _, _, remedy, _ in found}
    assert "Did you mean `colours`?" in {remedy for _, _, remedy, _ in found}


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"a = ", "not TOML"),
        (b"a = 1\na = 2", "not TOML"),
        (b"a = " + b"[" * 5000, "nested too deeply"),
        (b"\xff\xfe", "not UTF-8"),
        ("logo = '\ufdd0'".encode(), "no text has (U+FDD0)"),
        (b"logo = 1", "`logo` is a short text"),
        (b"logo = '../secret.png'", "lies beside theme.toml"),
        (b"logo = 'none.png'", "has no file `none.png`"),
        (b"colours = 1", "`colours` is a table"),
        (b"[sender]\nname = 'a'\ncontact = 'javascript:alert(1)'", "sender's contact"),
        (b"x" * 200_000, "too long"),
    ],
)
def test_a_manifest_that_cannot_be_used_is_refused(content: bytes, what: str):
    assert what in faults({"theme.toml": content})[0][1]


DEEP = ".".join("a" * 3000)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (f"{DEEP} = 1", 1),
        (f"logo = 'l.png'\n[{DEEP}]", 2),
        (f"# '\n[[ {DEEP.replace('.', ' . ')} ]]", 2),
        ('a = """\n"\n\\""""""\n' + DEEP.replace("a", "'a'") + " = 1", 4),
        ("a = { " + DEEP.replace("a", '"a"') + " = 1 }", 1),
        ("a = 1\nb.c.d.e.f = 1", 2),
    ],
    ids=["bare", "a table", "tables with blanks", "quoted, after a text", "within braces", "five parts"],
)
def test_a_key_of_many_parts_is_refused_before_it_is_read(monkeypatch, content: str, line: int):
    """Each part makes the reading of all later ones longer: 32 kB take a gigabyte and nine seconds."""
    monkeypatch.setattr("tomllib.loads", None)
    for path in ("theme.toml", "texts/pl.toml"):
        assert [(where, what, line) for where, what, _, line in faults({path: content})] == [
            (path, "a key has more than four parts", line)
        ]


def test_dots_in_texts_and_comments_are_no_parts():
    own = '# a.b.c.d.e.f\n"From %(name)s" = \'%(name)s, a.b.c.d.e.f\' # a.b.c.d.e\n\'Stop\' = "\\"a.b.c.d.e.f\\""\n'
    assert read(theme_of({"texts/pl.toml": own})).texts["pl"]["Stop"] == '"a.b.c.d.e.f"'


@pytest.mark.parametrize("unit", ['"""', '\\"""', "'''", '"', "'", "a.", "'a'.", '"\\', ". ", "a ", "#"])
def test_no_text_makes_the_search_for_such_keys_slow(unit: str):
    text = unit * (100_000 // len(unit))
    began = process_time()
    manifest.too_deep(text)
    assert process_time() - began < 2


@pytest.mark.parametrize(
    ("source", "own", "what"),
    [
        ("From %(name)s", "%(name)s %(masked)s", "no place %(masked)"),
        ("From %(name)s", "%(name)0999999d", "percent sign"),
        ("From %(name)s", "%(name)d", "otherwise than in the English"),
        ("From %(name)s", "%s", "percent sign"),
        ("From %(name)s", "100 %", "percent sign"),
        ("Stop", "<b>Stop</b>", "`<` begins an element"),
        ("Stop", "{{ masked }}", "braces"),
        ("Stop", "{% if %}", "braces"),
        ("Stop", " ", "empty"),
        ("Stop", "a" * 1001, "too long"),
        ("Stop", "\\ufdd0masked\\ufdd1", "character that no text has"),
    ],
)
def test_a_text_is_plain_and_keeps_to_the_places_of_the_original(source: str, own: str, what: str):
    found = faults({"texts/pl.toml": f'# mine\n"{source}" = "{own}"\n'})
    assert {(where, line) for where, _, _, line in found} == {("texts/pl.toml", 2)}
    assert any(what in said for _, said, _, _ in found)


def test_a_text_that_keeps_to_them_is_read():
    theme = read(theme_of({"texts/pl.toml": '"From %(name)s" = "50 %% - od %(name)s & \'co\'"'}))
    assert theme.texts == {"pl": {"From %(name)s": "50 %% - od %(name)s & 'co'"}}


def test_a_file_of_texts_is_read_in_one_pass():
    many = "".join(f'"{number}" = "%"\n' for number in range(900))
    began = process_time()
    found = faults({"texts/en.toml": many})
    assert process_time() - began < 0.5
    assert [line for _, _, _, line in found] == list(range(1, 901))


def test_a_file_of_more_texts_than_there_are_is_not_looked_through(monkeypatch):
    monkeypatch.setattr("resign.themes.texts._wrong", None)
    many = "".join(f'"{number}" = "x"\n' for number in range(1001))
    assert faults({"texts/en.toml": many}) == [
        ("texts/en.toml", "it holds more than 1000 texts", "Keep those that pages say.", None)
    ]


def test_keys_that_a_manifest_does_not_know_are_named_up_to_a_number():
    many = "".join(f"a{number} = 1\n" for number in range(4000))
    began = process_time()
    found = faults({"theme.toml": many})
    assert process_time() - began < 1
    assert len(found) == 20
    assert ("theme.toml", "`a0` is not known", 1) in {(where, what, line) for where, what, _, line in found}


@pytest.mark.parametrize("key", ['"a \\"b\\""', "'a \"b\"'", '"a \\u0022b\\""', '  "a \\"b\\""  '])
def test_a_text_has_its_line_however_its_key_is_written(key: str):
    assert faults({"texts/pl.toml": f'# mine\n{key} = "<b>"\n'})[0][3] == 2


SWAPPED = """
import os, sys
from pathlib import Path
from resign.themes.fault import BadTheme
from resign.themes.folder import loaded
folder = Path(sys.argv[1])

def swap(event, arguments):
    if event == "open" and str(arguments[0]).endswith("style.css") and not (folder / "style.css").is_symlink():
        os.replace(folder / "link", folder / "style.css")

sys.addaudithook(swap)
try:
    print(loaded(folder))
except BadTheme as bad:
    print([fault.what for fault in bad.faults])
"""


def test_a_file_that_becomes_a_link_while_it_is_opened_is_refused(tmp_path: Path):
    (tmp_path / "secret").write_text("SECRET")
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "style.css").write_text("a{}")
    (tmp_path / "theme" / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "theme" / "link").rename(tmp_path / "theme" / ".link")
    said = subprocess.run(
        [sys.executable, "-c", SWAPPED.replace('"link"', '".link"'), str(tmp_path / "theme")],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3],
    ).stdout  # fmt: skip
    assert "it is a link, or no plain file" in said
    assert "SECRET" not in said


def test_what_never_ends_is_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "style.css")
    with pytest.raises(BadTheme, match="no plain file"):
        ThemeSource.from_folder(tmp_path)
