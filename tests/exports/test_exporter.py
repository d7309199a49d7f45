"""The worker writes an export piece by piece: whole, once, after whatever crash, and in nobody's way."""

import csv
import io
import json
import signal
import subprocess
import sys
import threading
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from resign.app import create_chores
from resign.db import Database
from resign.exports import exporter as exporting
from resign.exports.columns import COLUMNS, lines
from resign.exports.exporter import Exporter
from resign.exports.tables import ExportPiece
from resign.ledger import reasons
from resign.ledger.tables import Decision
from resign.profile import Profile
from resign.settings import load
from tests.exports.conftest import KEYS, finish
from tests.support.decisions import ANNA, BORIS, decision, record
from tests.support.variables import VARIABLES

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def seven(decided):
    """The references of seven decisions, the newest first."""
    return [decided(Profile("email", f"person{n}@example.com"), campaign="spring") for n in range(7)][::-1]


def test_every_column_tells_what_is_known(database, decided, tell, ask, exporter, file_of, clock):
    formula = Profile("email", "=cmd@example.com")
    first = decided(
        ANNA,
        campaign="Wiosna 🌷",
        language="pl",
        method="one-click",
        actor="person",
        origin="crm",
        evidence="form 17 of anna@example.com",
    )
    tell()
    with database.writing() as session:
        about = session.scalar(select(Decision))
        reasons.keep(session, about, code="too-many", words=None, language="pl", now=clock.now())
        session.commit()
    decided(formula, choice="opt-in", campaign="-2+3")
    masked, clear, as_json = ask(), ask(clear=True, why="x"), ask(form="jsonl")
    finish(exporter)
    newest, oldest = rows(file_of(masked))
    assert tuple(oldest) == COLUMNS
    assert oldest.pop("id").replace("-", "")[12] == "7"
    assert oldest == {
        "reference": first, "workspace": "default", "at": "2026-05-04T10:11:13.000Z", "choice": "opt-out",
        "method": "one-click", "agreement": "newsletter", "identifier_kind": "email",
        "identifier": "a•••@example.com", "campaign": "Wiosna 🌷", "language": "pl", "reason": "too-many",
        "state": "confirmed", "confirmed_at": "2026-05-04T10:11:14.000Z", "actor": "person",
        "origin": "crm", "evidence": "form 17 of •••",
    }  # fmt: skip
    assert (newest["identifier"], newest["campaign"], newest["state"]) == (
        "'=•••@example.com",
        "'-2+3",
        "telling",
    )
    assert [row["identifier"] for row in rows(file_of(clear))] == ["'=cmd@example.com", "anna@example.com"]
    assert newest["confirmed_at"] == newest["reason"] == ""
    said = [json.loads(line) for line in file_of(as_json).splitlines()]
    assert [(each["campaign"], each["reason"]) for each in said] == [
        ("-2+3", None),
        ("Wiosna 🌷", "too-many"),
    ]


def test_it_is_written_in_pieces_and_holds_what_there_was_when_it_was_asked_for(
    seven, decided, ask, exporter, export_of, file_of
):
    number = ask("campaign:spring")
    assert exporter.step()
    decided(ANNA, campaign="spring")
    export = export_of(number)
    assert (export.state, export.rows, export.pieces, export.query) == ("running", 2, 1, "campaign:spring")
    finish(exporter)
    export = export_of(number)
    assert [row["reference"] for row in rows(file_of(number))] == seven
    assert (export.state, export.rows, export.query) == ("ready", 7, None)
    assert export.bytes == len(file_of(number).encode())


@on_sqlite
def test_nothing_found_is_a_file_all_the_same(ask, exporter, file_of):
    as_csv, as_json = ask("campaign:none"), ask("campaign:none", form="jsonl")
    finish(exporter)
    assert file_of(as_csv) == ",".join(COLUMNS) + "\r\n"
    assert file_of(as_json) == ""


@on_sqlite
def test_it_waits_until_the_index_knows_what_it_is_to_hold(
    decided, indexer, ask, exporter, export_of, file_of
):
    decided(ANNA, indexed=False)
    number = ask("anna")
    assert not exporter.step()
    assert export_of(number).state == "waiting"
    finish(indexer)
    finish(exporter)
    assert len(rows(file_of(number))) == 1


def test_two_workers_do_not_write_the_same(database, clock, seven, ask, exporter, export_of, file_of):
    number = ask()
    other = Exporter(database, KEYS, clock, rows=2)
    assert exporter.step()
    assert not other.step(), "it is taken"
    clock.advance(seconds=61)
    assert other.step(), "whoever had it is taken for dead"
    assert export_of(number).pieces == 2
    assert not exporter.step(), "and is, or sees that it has lost it"
    finish(other)
    assert [row["reference"] for row in rows(file_of(number))] == seven


def test_whoever_lost_it_while_reading_writes_nothing(
    database, clock, seven, ask, exporter, file_of, monkeypatch
):
    number = ask()
    other = Exporter(database, KEYS, clock, rows=3)
    assert exporter.step()

    def slowly(*given, **more):
        monkeypatch.setattr(exporting, "lines", lines)
        clock.advance(seconds=61)
        finish(other)
        return lines(*given, **more)

    monkeypatch.setattr(exporting, "lines", slowly)
    assert exporter.step()
    assert [row["reference"] for row in rows(file_of(number))] == seven


CHILD = """
import sys
from resign.db import Database
from resign.exports.exporter import Exporter
from tests.exports.conftest import KEYS
from tests.support.clock import StandingClock
exporter = Exporter(Database(sys.argv[1]), KEYS, StandingClock(), rows=1)
while exporter.step():
    print("piece", flush=True)
"""


def test_killed_in_the_middle_it_is_written_on_by_another(
    database, database_url, clock, ask, export_of, file_of, indexer
):
    record(database, *(decision(clock, Profile("email", f"person{n}@example.com")) for n in range(300)))
    finish(indexer)
    number = ask(form="jsonl")
    child = subprocess.Popen([sys.executable, "-c", CHILD, database_url], stdout=subprocess.PIPE)
    for _ in range(5):
        assert child.stdout.readline()
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    pieces = export_of(number).pieces
    assert 5 <= pieces < 300
    clock.advance(hours=1)
    finish(Exporter(database, KEYS, clock, rows=50))
    export = export_of(number)
    ids = [json.loads(line)["id"] for line in file_of(number).splitlines()]
    assert len(ids) == len(set(ids)) == export.rows == 300
    assert export.pieces > pieces
    assert ids == sorted(ids, reverse=True)


@on_sqlite
def test_an_opt_out_is_taken_while_a_page_is_read(
    database, clock, seven, ask, exporter, file_of, monkeypatch
):
    """SQLite has one writer: whoever presses must not wait for it because of somebody's export."""
    web = Database(database.url.render_as_string(hide_password=False), connections=1)
    taken = []

    def pressed_meanwhile(*given, **more):
        pressing = threading.Thread(target=lambda: taken.append(record(web, decision(clock, BORIS))))
        pressing.start()
        pressing.join(10)
        assert not pressing.is_alive(), "the export holds the writer"
        return lines(*given, **more)

    monkeypatch.setattr(exporting, "lines", pressed_meanwhile)
    number = ask()
    finish(exporter)
    web.close()
    assert len(taken) == 4
    assert [row["reference"] for row in rows(file_of(number))] == seven


def test_what_is_deleted_meanwhile_is_not_written_on(database, clock, seven, ask, exporter, monkeypatch):
    from resign.exports import shelf  # noqa: PLC0415
    from tests.exports.conftest import SHE  # noqa: PLC0415

    number = ask()

    def deleted_meanwhile(*given, **more):
        with database.writing() as session:
            assert shelf.throw_away(session, SHE, number, clock.now())
            session.commit()
        return lines(*given, **more)

    monkeypatch.setattr(exporting, "lines", deleted_meanwhile)
    assert exporter.step()
    assert not exporter.step()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ExportPiece)) == 0


@on_sqlite
def test_a_page_that_fails_is_tried_again_and_given_up_in_the_end(
    seven, ask, exporter, export_of, monkeypatch, caplog
):
    number = ask("person1@example.com")

    def fails(*_given, **_more):
        raise ValueError("nobody foresaw this")

    monkeypatch.setattr(exporting, "lines", fails)
    for _ in range(10):
        with pytest.raises(ValueError, match="nobody foresaw"):
            exporter.step()
    assert not exporter.step()
    assert (export_of(number).state, export_of(number).query) == ("failed", None)
    assert "An export was given up" in caplog.text
    assert "person1" not in caplog.text


def test_days_are_the_workspace_s_own(database, clock, decided, ask, file_of):
    decided(ANNA)
    zones = {"default": ZoneInfo("Pacific/Kiritimati")}  # where it is tomorrow already
    numbers = [ask("after:2026-05-05"), ask("before:2026-05-05")]
    finish(Exporter(database, KEYS, clock, zones=zones))
    assert [len(rows(file_of(number))) for number in numbers] == [1, 0]


def test_the_worker_s_exporter_knows_the_workspaces_zones(tmp_path, database, clock):
    settings = load({**VARIABLES, "RESIGN_DATA_DIR": str(tmp_path), "RESIGN_TIME_ZONE": "Europe/Warsaw"})
    [chore] = [each for each in create_chores(settings, clock, database) if each.name == "export"]
    assert chore.step.__self__._zones == {"default": ZoneInfo("Europe/Warsaw")}
