"""Imports in the console: brought, looked at, taken in, taken back; for operators only, and with every address masked."""

import csv
import io
import json
import re
import time
import tracemalloc

import pytest
from sqlalchemy import select

from resign.console.imports import uploading
from resign.ledger.tables import Decision
from resign.staff.tables import Deed
from tests.console.imports.conftest import LIST

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def decisions(mia):
    with mia.database.reading() as session:
        return [
            (each.identifier, each.choice)
            for each in session.scalars(select(Decision).order_by(Decision.seq))
        ]


def deeds(mia):
    with mia.database.reading() as session:
        return [deed.action for deed in session.scalars(select(Deed).order_by(Deed.id))]


def presses(mia, page, what, **typed):
    return mia.presses(mia.opens(page), f"{page}/{what}", **typed)


def test_a_file_without_dates_is_said_to_have_none(brings, worker, mia):
    for content, said in (
        ("email\nann@example.com\n", True),
        ("email,date\nann@example.com,2026-05-01\n", False),
    ):
        page = brings(content).headers["Location"]
        worker()
        assert ("No column was taken for when people decided" in mia.opens(page).text) == said


def test_nothing_is_written_before_somebody_says_so_and_then_all_of_it_can_be_taken_back(brings, worker, mia):
    answer = brings()
    assert answer.status_code == 303
    page = answer.headers["Location"]
    assert "Being checked" in mia.opens(page).text
    worker()
    checked = mia.opens(page).text
    assert "What taking it in would do" in checked
    assert decisions(mia) == []

    assert presses(mia, page, "run").status_code == 303
    worker()
    assert decisions(mia) == [("ann@example.com", "opt-out"), ("bob@example.com", "opt-in")]
    done = mia.opens(page).text
    assert "The identifier is none that Synerise accepts" in done
    assert "@example.com" not in done

    asked = mia.opens(f"{page}/reverse")
    assert "Take the import back?" in asked.text
    assert mia.presses(asked, f"{page}/reverse").status_code == 303
    worker()
    assert "Taken back" in mia.opens(page).text
    assert decisions(mia)[2:] == [("bob@example.com", "opt-out")]
    assert deeds(mia) == ["began-import", "ran-import", "reversed-import"]


def test_every_row_has_its_end_and_the_refused_are_a_file_that_no_spreadsheet_runs(brings, worker, mia):
    page = brings().headers["Location"]
    worker()
    presses(mia, page, "run")
    worker()
    rows = mia.opens(f"{page}/rows").text
    assert "a•••@example.com" in rows
    assert "ann@" not in rows
    assert "bob" not in mia.opens(f"{page}/rows?verdict=bad-identifier").text
    for odd in ("verdict=<x>", "after=-1", "after=" + "9" * 400, "after=٣"):
        assert mia.opens(f"{page}/rows?{odd}").status_code == 200
    file = mia.opens(f"{page}/rejects")
    assert file.headers["Content-Type"].startswith("text/csv")
    listed = list(csv.DictReader(io.StringIO(file.text, newline="")))
    assert [row["e-mail"] for row in listed] == ["no address", "'=cmd()@@"]
    assert deeds(mia)[-1] == "took-rejects"


def test_the_first_rows_are_shown_masked_and_the_columns_can_be_given_another_meaning(brings, worker, mia):
    page = brings(
        "kto;kiedy;imie;co\nann@example.com;3.4.2026;Anna Nowak;wypad\nbob@example.com;5.4.2026;Bob;zostaje\n"
    ).headers["Location"]
    worker()
    asked = mia.opens(f"{page}/mapping")
    assert "a•••@example.com" in asked.text
    assert "Nowak" not in asked.text
    assert "ann@" not in asked.text
    said = {
        "who-email": "kto", "agreement": "newsletter", "choice": "column", "choice-column": "co", "out-words": "wypad",
        "in-words": "zostaje", "when": "kiedy", "order": "day-first", "evidence": "the old shop's form",
    }  # fmt: skip
    looked = mia.presses(asked, f"{page}/mapping", do="look", **said)
    assert looked.status_code == 200
    assert ">wypad<" in looked.text
    assert mia.presses(asked, f"{page}/mapping", do="check", **said).status_code == 303
    worker()
    presses(mia, page, "run")
    worker()
    assert decisions(mia) == [("ann@example.com", "opt-out"), ("bob@example.com", "opt-in")]


def test_everybody_in_a_file_has_opted_out_of_everything(brings, worker, mia):
    page = brings("ann@example.com\nbob@example.com\n").headers["Location"]
    worker()
    said = {"who-email": "column 1", "agreement": "all", "choice": "opt-out"}
    assert mia.presses(mia.opens(f"{page}/mapping"), f"{page}/mapping", do="check", **said).status_code == 303
    worker()
    presses(mia, page, "run")
    worker()
    assert {who for who, choice in decisions(mia) if choice == "opt-out"} == {
        "ann@example.com",
        "bob@example.com",
    }
    assert "everything" in mia.opens(page).text


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"who-email": "no such column"},
        {"who-email": "e-mail", "choice": "maybe"},
        {"who-email": "e-mail", "choice": "column", "choice-column": "status", "out-words": "x", "in-words": "x"},
        {"who-email": "e-mail", "when": "when", "zone": "Mars/Olympus"},
        {"who-email": "e-mail", "when": "when", "zone": "../../etc/passwd"},
        {"who-email": "e-mail", "when": "when", "order": "year-first"},
        {"who-email": "e-mail", "hash": "md5"},
        {"who-email": "e-mail", "hash": "sha256", "choice": "opt-in"},
        {"who-email": "e-mail", "agreement": "column", "agreement-column": ""},
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_said_and_nothing_is_changed(brings, worker, mia, typed):
    page = brings().headers["Location"]
    worker()
    asked = mia.opens(f"{page}/mapping")
    only = {"mark": mia.fields(asked)["mark"], "do": "check", **typed}
    refused = mia.client.post(f"{page}/mapping", data=only)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert "What taking it in would do" in mia.opens(page).text


def test_a_file_that_was_read_wrongly_is_read_again(brings, worker, mia):
    body = "email;name\na@example.com;Łukasz\n".encode("cp1250")
    page = brings(body).headers["Location"]
    worker()
    asked = mia.opens(f"{page}/mapping")
    read = mia.presses(
        asked,
        f"{page}/mapping",
        do="read",
        format="csv",
        encoding="windows-1250",
        delimiter=";",
        header="none",
    )
    assert read.status_code == 303
    again = mia.opens(f"{page}/mapping").text
    assert "column 1" in again
    assert 'value="windows-1250" selected' in again
    wrong = mia.presses(mia.opens(f"{page}/mapping"), f"{page}/mapping", do="read", format="xlsx")
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty"),
        (b"%PDF-1.7", "a PDF"),
        (b"<!DOCTYPE a [<!ENTITY x 'y'>]><a><b>&x;</b></a>", "document type"),
        (b"PK\x03\x04 broken", "no workbook"),
        (b"," * 1_000_000, "characters"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_not_kept(brings, mia, settings, content, says):
    refused = brings(content)
    assert refused.status_code == 422
    assert says in refused.text
    assert list((settings.data_dir / "imports").iterdir()) == []
    assert deeds(mia) == []


def test_the_system_that_a_file_comes_from_is_not_told_what_it_said(mia, worker):
    fields = mia.fields(mia.opens(LIST)) | {"workspace": "default"}
    file = {"file": ("a.csv", b"email\nann@example.com\n")}
    assert mia.client.post(LIST, data=fields | {"origin": "CRM!"}, files=file).status_code == 422
    page = mia.client.post(LIST, data=fields | {"origin": "crm"}, files=file).headers["Location"]
    worker()
    presses(mia, page, "run")
    worker()
    with mia.database.reading() as session:
        assert session.scalars(select(Decision.origin)).all() == ["crm"]


def test_without_a_file_nothing_is_begun(mia):
    answer = mia.client.post(LIST, data=mia.fields(mia.opens(LIST)) | {"workspace": "default"})
    assert answer.status_code == 422
    assert "Choose a file first" in answer.text


def test_a_large_file_goes_to_the_disk_and_a_too_large_one_is_said_to_be(brings, worker, mia, monkeypatch):
    """The console's own bound for a form is 2 MB."""
    large = b"email\n" + b"".join(b"a%d@example.com\n" % place for place in range(400_000))
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        answer = brings(large)
        held = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    assert answer.status_code == 303
    # What the test itself holds to send it is two copies of it.
    assert held < 3 * len(large) + 8_000_000
    monkeypatch.setattr(uploading, "MOST_UPLOADED", 3_000_000)
    refused = brings(large)
    assert refused.status_code == 413
    assert "512 MB" in refused.text


def test_a_form_of_any_other_page_is_as_small_as_before(mia):
    mark = mia.fields(mia.opens("/console/themes/default"))["mark"]
    answer = mia.client.post(
        "/console/exports/search", data={"mark": mark}, files={"x": ("x", b"y" * 3_000_000)}
    )
    assert answer.status_code == 413


def test_only_operators_and_only_in_their_workspace(brings, worker, employ, mia):
    page = brings().headers["Location"]
    worker()
    sam = employ("sam", "support@default", "marketer@default")
    assert sam.opens(LIST).status_code == 403
    assert sam.opens(page).status_code == 403
    olga = employ("olga", "operator@elsewhere")
    for path in (page, f"{page}/mapping", f"{page}/rows", f"{page}/rejects", f"{page}/reverse"):
        assert olga.opens(path).status_code in {403, 404}
    assert 'action="/console/sign-out"' in mia.opens(LIST).text


def test_pausing_going_on_and_stopping_and_what_comes_too_late(brings, worker, mia):
    page = brings().headers["Location"]
    worker()
    assert presses(mia, page, "pause").status_code == 409
    presses(mia, page, "run")
    assert presses(mia, page, "pause").status_code == 303
    worker()
    assert decisions(mia) == []
    assert "Paused" in mia.opens(page).text
    presses(mia, page, "resume")
    worker()
    assert len(decisions(mia)) == 2
    assert presses(mia, page, "stop").status_code == 409
    assert mia.opens(f"{page}/mapping").status_code == 409


def test_a_name_that_was_made_to_harm_stays_a_name(brings, mia, settings):
    page = brings(name="../../<script>alert(1)</script>\x07.csv").headers["Location"]
    text = mia.opens(page).text
    assert "<script>alert" not in text
    assert len(list((settings.data_dir / "imports").iterdir())) == 1


def test_figures_of_an_import_hold_no_address(brings, worker, mia):
    brings()
    worker()
    with mia.database.reading() as session:
        details = [json.loads(deed.detail) for deed in session.scalars(select(Deed))]
    assert not re.search("@", json.dumps(details))


def test_a_long_text_in_a_column_that_nobody_uses_keeps_nobody_waiting(brings, mia):
    rows = "".join(
        f"a{place}@example.com,{'b' * 90_000}\n{place}c@example.com,@{'b' * 90_000}\n" for place in range(2)
    )
    begun = time.process_time()
    page = brings(f"email,note\n{rows}").headers["Location"]
    shown = mia.opens(f"{page}/mapping").text
    assert time.process_time() - begun < 5
    assert "b" * 100 not in shown
    assert "b•••" in shown
