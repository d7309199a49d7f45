"""`resign import`: a file is checked, taken in, shown and taken back at the shell; a bad file is a sentence."""

import re

import openpyxl
import pytest
from sqlalchemy import select

from resign.db import Database
from resign.db.migrate import upgrade
from resign.ledger.hashed import plain_hash
from resign.ledger.tables import Decision

HEADER = "E-mail;Status;Data\r\n"
ROWS = "anna@example.com;nie;3.4.2026\r\nboris@example.com;tak;13.4.2026\r\nnobody;nie;\r\n"


@pytest.fixture
def ledger(settings):
    database = Database(settings.database_url, connections=2)
    upgrade(database)

    def decisions():
        with database.reading() as session:
            return [
                tuple(row)
                for row in session.execute(
                    select(Decision.identifier, Decision.choice, Decision.origin).order_by(Decision.seq)
                )
            ]

    yield decisions
    database.close()


def id_in(text: str) -> str:
    return re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", text)[0]


def test_a_file_is_checked_taken_in_shown_and_taken_back(run_here, ledger, tmp_path):
    file = tmp_path / "wypisani.csv"
    file.write_bytes((HEADER + ROWS).encode("cp1250"))
    checked = run_here("import", "check", str(file), "--from", "crm")
    assert checked.returncode == 0, checked.stderr
    for said in (
        "cells apart by ';'",
        'choice = {"column": "Status"}\n',
        '"order": "day-first"',
        "Nothing was written",
        "bad-identifier",
    ):
        assert said in checked.stdout
    assert ledger() == []
    number = id_in(checked.stdout.rpartition("Nothing was written")[2])
    refused = run_here("import", "run", number)
    assert refused.returncode == 1
    assert ledger() == []
    ran = run_here("import", "run", number, "--yes")
    assert ran.returncode == 0, ran.stderr
    assert ledger() == [("anna@example.com", "opt-out", "crm"), ("boris@example.com", "opt-in", "crm")]
    assert number in run_here("import", "list").stdout
    assert "done" in run_here("import", "show", number).stdout
    rejects = run_here("import", "rejects", number)
    assert "bad-identifier" in rejects.stdout
    assert "nobody" in rejects.stdout
    assert run_here("import", "pause", number).returncode == 1
    again = run_here("import", "run", str(file), "--yes")
    assert "was taken in before" in again.stdout
    assert len(ledger()) == 2
    reversed_ = run_here("import", "reverse", number, "--yes")
    assert reversed_.returncode == 0, reversed_.stderr
    assert ledger()[2:] == [("boris@example.com", "opt-out", "crm")]


@pytest.mark.usefixtures("ledger")
def test_it_is_said_where_no_column_was_taken_for_the_date(run_here, tmp_path):
    file = tmp_path / "left.csv"
    file.write_text("email,remark\nanna@example.com,1.4.2026\n")
    assert "no column was taken for when it was decided" in run_here("import", "check", str(file)).stdout
    said = run_here("import", "check", str(file), "--when", "remark", "--order", "day-first").stdout
    assert "no column was taken" not in said


def test_a_sheet_is_named_and_several_times_are_said(run_here, ledger, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["About this list"])
    people = book.create_sheet("People")
    people.append(["email", "optin_time", "unsub_time"])
    people.append(["anna@example.com", "2020-01-01 10:00", "2026-01-01 10:00"])
    file = tmp_path / "left.xlsx"
    book.save(file)
    said = run_here("import", "check", str(file), "--sheet", "People").stdout
    assert "more than one column may say when it was decided: unsub_time, optin_time" in said
    assert "look whether unsub_time is right" in said
    refused = run_here("import", "check", str(file), "--sheet", "Nowhere")
    assert refused.returncode == 1
    assert "The workbook has no sheet of that name." in refused.stderr


def test_a_list_of_hashes(resign, ledger, tmp_path):
    file = tmp_path / "suppressed.txt"
    file.write_text(f"address\n{plain_hash('anna@example.com')}\n")
    ran = resign(
        "import", "run", str(file), "--email", "address", "--hash", "sha256", "--agreement", "all", "--yes"
    )
    assert ran.returncode == 0, ran.stderr
    people = tmp_path / "people.csv"
    people.write_text("email\nanna@example.com\n")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('choice = "opt-in"\nevidence = "form 7"\n[identifiers]\nemail = "email"\n')
    refused = resign("import", "run", str(people), "--mapping", str(mapping), "--yes")
    assert "suppressed" in refused.stdout
    assert ledger() == []


@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        (None, (), "cannot be read"),
        (b"", (), ""),
        (b"name\nAnna\n", (), "No column looks as if it named people"),
        (b"email\nanna@example.com\n", ("--email", "mail"), "no column 'mail'"),
        (b"email\nanna@example.com\n", ("--mapping", "/nowhere.toml"), "mapping cannot be read"),
    ],
)  # fmt: skip
def test_a_bad_file_is_a_sentence(run_here, ledger, tmp_path, content, options, says):
    file = tmp_path / "list.csv"
    if content is not None:
        file.write_bytes(content)
    finished = run_here("import", "run", str(file), "--yes", *options)
    assert finished.returncode == 1
    assert says in finished.stderr
    assert finished.stderr.strip()
    assert ledger() == []
    imports = tmp_path / "data" / "imports"
    assert not imports.exists() or not list(imports.iterdir())


def test_an_origin_is_a_name(resign, ledger, tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("email\nanna@example.com\n")
    assert resign("import", "check", str(file), "--from", "The CRM").returncode == 2
