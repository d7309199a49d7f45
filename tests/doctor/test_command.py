"""What `resign doctor` says where it is given something that is neither a link nor a mail."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from resign.cli import doctor as command


@pytest.fixture
def ask(public, monkeypatch):
    monkeypatch.setattr(command, "load_from_environment", lambda: public)
    monkeypatch.setattr(command.logs, "set_up", lambda: None)

    def about(subject: Path | str) -> Result:
        return CliRunner().invoke(command.doctor, [str(subject)])

    return about


@pytest.mark.parametrize("name", ["mails", "mails.eml"])
def test_a_folder_is_said_to_be_one(ask, tmp_path, name):
    (tmp_path / name).mkdir()
    finished = ask(tmp_path / name)
    assert finished.exit_code == 2
    assert f"{name} is a folder: give a link, or the .eml file of one mail." in finished.output


def test_a_mail_that_is_not_there_is_said_not_to_be(ask, tmp_path):
    finished = ask(tmp_path / "no.eml")
    assert finished.exit_code == 2
    assert f"There is no file {tmp_path / 'no.eml'}." in finished.output


def test_a_file_that_is_no_mail_is_said_to_be_none(ask, tmp_path):
    (tmp_path / "offer.pdf").write_bytes(b"%PDF-1.7\n")
    finished = ask(tmp_path / "offer.pdf")
    assert finished.exit_code == 1
    assert finished.output.startswith("✗ this is no mail: it begins with no header line\n")
    assert finished.output.count("✗") == 1


@pytest.mark.parametrize("subject", ["x" * 5000, "https://optout.example.com/u/" + "x" * 5000, "a\0b"])
def test_what_can_be_no_name_of_a_file_is_a_link(ask, subject):
    assert ask(subject).exit_code == 1
