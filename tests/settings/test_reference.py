"""The page of the settings is what the table says: nothing undocumented, nothing invented."""

import tomllib
from pathlib import Path

import pytest

from resign.settings import SETTINGS, load
from resign.settings.reference import BEGINS, reference, with_reference

PAGE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")


def test_the_page_is_what_the_table_says_now():
    assert with_reference(PAGE) == PAGE, "run `make docs`"


def test_every_setting_has_its_row():
    rows = [line.split("`")[1] for line in reference().splitlines() if line.startswith("| `")]
    assert rows == [row.variable for row in SETTINGS]


def test_what_must_be_given_and_what_is_secret_is_said():
    [row] = [line for line in reference().splitlines() if line.startswith("| `RESIGN_DIGEST_KEY`")]
    assert "**(secret)**" in row
    assert row.endswith("| **must be given** |")


def test_no_meaning_breaks_the_table():
    assert not [row.key for row in SETTINGS if "|" in row.meaning or "\n" in row.meaning]


def test_a_page_without_its_marks_is_refused_rather_than_emptied():
    with pytest.raises(ValueError, match="no place"):
        with_reference(PAGE.replace(BEGINS, ""))


def test_the_example_file_is_one_that_resign_reads(tmp_path):
    example = PAGE.partition("```toml\n")[2].partition("```")[0]
    for table in tomllib.loads(example)["workspaces"].values():
        for key in ("keys_file", "digest_key_file", "synerise_api_key_file"):
            secret = tmp_path / Path(table[key]).name
            secret.write_text("k1:0123456789abcdef0123456789abcdef\n")
    config = tmp_path / "resign.toml"
    config.write_text(example.replace("/run/secrets", str(tmp_path)))
    settings = load({"RESIGN_CONFIG": str(config)})
    assert settings.proxies == 1
    assert settings.workspaces["oak"].synerise_attribute == "email_marketing_agreement"
