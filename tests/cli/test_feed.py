"""`resign feed` and `resign suppressions` as an operator types them; and a process that is killed with a file on its way."""

import csv
import hashlib
import io
import json
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import select, text

from resign.db import Database
from resign.db.migrate import upgrade
from resign.profile import Profile
from resign.staff.tables import Deed
from tests.support.clock import StandingClock
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY, decision, record
from tests.support.serving import start as start_serving

FORMULA = Profile("email", "=anna@example.com")
COMMAND = [sys.executable, "-m", "resign"]


@pytest.fixture
def ledger(settings):
    """Anna is out, Boris is in again, and somebody has an address that a spreadsheet would run."""
    database, clock = Database(settings.database_url, connections=2), StandingClock()
    upgrade(database)
    record(
        database, decision(clock, ANNA), decision(clock, BORIS), decision(clock, BORIS, "opt-in"),
        decision(clock, FORMULA, agreement="wine"),
    )  # fmt: skip
    yield database
    database.close()


@pytest.fixture
def crm(tmp_path, variables):
    folder = tmp_path / "crm"
    folder.mkdir()
    variables["RESIGN_DESTINATIONS"] = f"[crm]\nkind='folder'\npath='{folder}'\n"
    return folder


def test_a_feed_is_checked_run_and_listed(resign, ledger, crm):
    assert resign("feed", "check", "crm").stdout == "crm: files can be put there.\n"
    assert resign("feed", "run", "crm").stdout == "default-crm-changes-00000001.csv: 3 rows.\n"
    assert [file.name for file in crm.iterdir()] == ["default-crm-changes-00000001.csv"]
    listed = resign("feed", "list").stdout
    assert "default-crm-changes-00000001.csv, 3 rows" in listed
    assert "at once" in listed


def test_what_is_wrong_is_said_in_words_and_by_the_exit_status(run_here, ledger, crm):
    crm.rmdir()
    for command in ("check", "run"):
        finished = run_here("feed", command, "crm")
        assert finished.returncode == 1
        assert "the folder is not there; make it, or mount it" in finished.stderr
    assert "the folder is not there" in run_here("feed", "list").stdout
    finished = run_here("feed", "run", "shop")
    assert finished.returncode == 2
    assert "there are: crm of default" in finished.stderr


def test_a_check_over_http_says_what_it_proves_and_what_not(run_here, ledger, variables):
    """This server takes no file at all, and answers every question."""

    class Answers(BaseHTTPRequestHandler):
        def do_OPTIONS(self):
            self.send_response(204)
            self.end_headers()

        def log_message(self, *given):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    start_serving(server)
    url = f"http://127.0.0.1:{server.server_port}/{{file}}"
    variables["RESIGN_DESTINATIONS"] = f"[shop]\nkind='http-file'\nurl='{url}'\nnetworks='127.0.0.0/8'\n"
    checked = run_here("feed", "check", "shop").stdout
    server.shutdown()
    server.server_close()
    assert "it answered, and turns neither us nor the token away" in checked
    assert "got no file" in checked
    assert "files can be put there" not in checked


def test_a_feed_is_paused_and_resumed_by_hand(run_here, ledger, crm):
    run_here("feed", "run", "crm")
    assert run_here("feed", "pause", "crm", "--why", "moving house").stdout == "Paused: crm.\n"
    assert "moving house" in run_here("feed", "list").stdout
    assert run_here("feed", "run", "crm").returncode == 1
    assert run_here("feed", "pause", "crm", "--why", "twice").returncode == 1
    assert run_here("feed", "resume", "crm").returncode == 0
    assert run_here("feed", "resume", "crm").returncode == 1
    with ledger.reading() as session:
        deeds = session.execute(select(Deed.action, Deed.workspace).order_by(Deed.id)).all()
    assert deeds == [("paused-feed", "default"), ("resumed-feed", "default")]


def test_a_suppression_list_holds_those_who_are_out(run_here, ledger, tmp_path):
    file = tmp_path / "out.csv"
    finished = run_here("suppressions", "write", str(file))
    assert finished.stdout == f"2 written to {file}.\n"
    assert "1 have an apostrophe in front" in finished.stderr
    rows = list(csv.reader(io.StringIO(file.read_text(), newline="")))
    assert rows == [["email"], ["anna@example.com"], ["'=anna@example.com"]]
    assert file.stat().st_mode & 0o077 == 0


def test_lists_are_of_an_agreement_hashed_or_since_a_time(run_here, ledger, tmp_path):
    file = tmp_path / "out"
    run_here("suppressions", "write", str(file), "--format", "text", "--agreement", "wine")
    assert file.read_text() == "=anna@example.com\n"
    run_here(
        "suppressions",
        "write",
        str(file),
        "--format",
        "text",
        "--hash",
        "sha256",
        "--agreement",
        "newsletter",
    )
    assert file.read_text() == f"{hashlib.sha256(b'anna@example.com').hexdigest()}\n"
    run_here(
        "suppressions",
        "write",
        str(file),
        "--format",
        "jsonl",
        "--hash",
        "keyed",
        "--agreement",
        "newsletter",
    )
    assert json.loads(file.read_text()) == {"hash": ANNA.digest(DIGEST_KEY)}
    run_here("suppressions", "write", str(file), "--format", "json", "--since", "2026-05-05")
    assert json.loads(file.read_text()) == []
    assert run_here("suppressions", "write", str(file), "--since", "yesterday").returncode == 2


def test_a_process_that_is_killed_with_a_file_on_its_way_loses_nothing(resign, ledger, variables, tmp_path):
    got, hold = [], threading.Event()

    class Slow(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            got.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            if len(got) == 1:
                hold.wait(60)
            with suppress(OSError):
                self.send_response(201)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        start_serving(server)
        url = f"http://127.0.0.1:{server.server_address[1]}/{{file}}"
        variables["RESIGN_DESTINATIONS"] = f"[crm]\nkind='http-file'\nurl='{url}'\nnetworks=['127.0.0.0/8']\n"
        process = subprocess.Popen([*COMMAND, "feed", "run", "crm"], env=variables, cwd=tmp_path)
        deadline = time.monotonic() + 60
        while not got and time.monotonic() < deadline:
            time.sleep(0.05)
        process.kill()
        process.wait(30)
        hold.set()
        record(ledger, decision(StandingClock(), Profile("email", "clara@example.com")))
        assert "default-crm" not in resign("feed", "list").stdout, "noted before it had arrived"
        with ledger.writing() as session:  # the time of a lease goes by
            session.execute(
                text("UPDATE feeds SET leased_until = :at"), {"at": datetime(2020, 1, 1, tzinfo=UTC)}
            )
            session.commit()
        assert resign("feed", "run", "crm").returncode == 0
        server.shutdown()
    assert [path for path, _ in got] == [
        "/default-crm-changes-00000001.csv", "/default-crm-changes-00000001.csv", "/default-crm-changes-00000002.csv",
    ]  # fmt: skip
    assert got[0] == got[1]
    assert b"clara@example.com" in got[2][1]
