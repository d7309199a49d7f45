"""`resign report`: what a marketer gets at the command line."""

import csv

import pytest

from resign.clock import SystemClock
from resign.db import Database
from resign.db.migrate import upgrade
from tests.cli.conftest import run_here, settings, variables
from tests.support.decisions import ANNA, decision, record

__all__ = ["run_here", "settings", "variables"]


@pytest.fixture
def storage(settings):
    database = Database(settings.database_url, connections=2)
    upgrade(database)
    yield database
    database.close()


@pytest.fixture
def pressed(storage, run_here):
    record(storage, *(decision(SystemClock(), campaign="=spring") for _ in range(3)))
    assert run_here("report", "rebuild").stdout == "The figures are counted anew.\n"


def test_a_table_with_its_sum(run_here, pressed):
    finished = run_here("report", "opt-outs", "--by", "campaign")
    assert finished.returncode == 0
    assert "=spring" in finished.stdout
    assert "opt outs: 3" in finished.stdout
    assert finished.stderr == ""
    assert ANNA.value not in finished.stdout


def test_csv_and_a_chart(run_here, pressed, tmp_path):
    run_here(
        "report",
        "opt-outs",
        "--by",
        "campaign",
        "--csv",
        str(tmp_path / "o.csv"),
        "--svg",
        str(tmp_path / "o.svg"),
    )
    with (tmp_path / "o.csv").open(newline="") as file:
        assert [row[1:] for row in csv.reader(file)] == [["campaign", "opt_outs"], ["'=spring", "3"]]
    assert (tmp_path / "o.svg").read_text().startswith("<svg")
    assert run_here("report", "undone", "--csv", "-").stdout.startswith("period,opt_outs,undone,share")


@pytest.mark.parametrize(
    "name", ["opt-outs", "undone", "confirmation", "mailed-after", "mail-to-opt-out", "bursts"]
)
def test_every_report_answers_also_about_nothing(run_here, storage, name):
    assert (
        run_here("report", name, "--from", "2020-01-01", "--to", "2020-01-31", "--grain", "week").returncode
        == 0
    )


def test_what_is_not_counted_yet_is_said(run_here, storage):
    record(storage, decision(SystemClock()))
    assert "has still to count about 1 " in run_here("report", "opt-outs").stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--from", "2026-05-05", "--to", "2026-05-04"], "before the first"),
        (["--from", "0001-01-01", "--to", "9999-12-31"], "from 2000"),
        (["--to", "0001-01-01"], "from 2000"),
        (["--from", "2010-01-01"], "ten years"),
        (["--from", "yesterday"], "does not match"),
        (["--workspace", "nobody"], "--workspace: default"),
        (["--csv", "/nowhere/at/all.csv"], "cannot be written"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_sentence(run_here, storage, arguments, says):
    finished = run_here("report", "opt-outs", *arguments)
    assert finished.returncode
    assert says in finished.stderr


def test_a_list_has_no_chart(run_here, storage):
    assert "no chart" in run_here("report", "bursts", "--svg", "-").stderr
