"""`resign find`: the newest rows, masked, and what was not understood."""

import pytest

from resign.clock import SystemClock
from resign.db import Database
from resign.db.migrate import upgrade
from resign.search.indexer import Indexer
from tests.cli.conftest import resign, run_here, settings, variables
from tests.search.conftest import settle
from tests.support.decisions import ANNA, BORIS, decision, record

# Fixtures of another folder.
__all__ = ["resign", "run_here", "settings", "variables"]


@pytest.fixture
def ledger(settings, clock):
    database = Database(settings.database_url, connections=1)
    upgrade(database)
    record(database, decision(clock, ANNA, campaign="spring"), decision(clock, BORIS))
    settle(Indexer(database, SystemClock()))
    database.close()


def test_people_are_found_and_stay_masked(run_here, ledger):
    for typed in (["anna@example.com"], ["nna"], ["example", "campaign:spring"]):
        finished = run_here("find", *typed)
        assert finished.returncode == 0
        assert ANNA.masked() in finished.stdout
        assert BORIS.masked() not in finished.stdout
        assert ANNA.value not in finished.stdout


def test_what_is_not_understood_is_said_beside_the_answer(run_here, ledger):
    finished = run_here("find", "methid:page", "nobody")
    assert finished.stdout == "Nothing was found.\n"
    assert "did you mean `method:`?" in finished.stderr


def test_a_page_names_the_next_one(run_here, ledger):
    first = run_here("find", "--most", "1")
    assert BORIS.masked() in first.stdout
    token = first.stdout.rpartition("--page ")[2].strip("`\n")
    assert ANNA.masked() in run_here("find", "--most", "1", "--page", token).stdout


def test_a_day_is_the_workspace_s_own(run_here, ledger):
    for zone, found in (("Pacific/Kiritimati", True), ("UTC", False)):
        finished = run_here("find", "after:2026-05-05", RESIGN_TIME_ZONE=zone)
        assert (ANNA.masked() in finished.stdout) == found, zone
