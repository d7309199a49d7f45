"""The sheet of a workbook, several columns of evidence, and times of which the wrong one would cost somebody their peace."""

import re
from html import unescape

import openpyxl
import pytest
from sqlalchemy import select

from resign.ledger.tables import Decision

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def said(page) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


@pytest.fixture
def workbook(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Cover"
    book.active.append(["About this list"])
    book.active.append(["kept by hand"])
    people = book.create_sheet("People <2026>")
    people.append(["email"])
    people.append(["ann@example.com"])
    secret = book.create_sheet("Secret")
    secret.append(["email"])
    secret.sheet_state = "hidden"
    book.save(tmp_path / "people.xlsx")
    return (tmp_path / "people.xlsx").read_bytes()


def test_another_sheet_of_a_workbook_is_chosen(brings, worker, mia, workbook):
    page = brings(workbook, "people.xlsx").headers["Location"]
    worker()
    asked = mia.opens(f"{page}/mapping")
    assert "Read was the one that is called Cover" in said(asked)
    assert re.findall(r'<option value="([^"]*)"(?: selected)?>(?:Cover|People|Secret)', asked.text) == [
        "Cover", "People &lt;2026&gt;",
    ]  # fmt: skip
    read = mia.presses(asked, f"{page}/mapping", do="read", format="xlsx", sheet="People <2026>")
    assert read.status_code == 303
    again = mia.opens(f"{page}/mapping")
    assert "Read was the one that is called People <2026>" in said(again)
    assert "a•••@example.com" in again.text
    for hidden in ("Secret", "Nowhere"):
        refused = mia.presses(again, f"{page}/mapping", do="read", format="xlsx", sheet=hidden)
        assert refused.status_code == 422
        assert "The workbook has no sheet of that name." in said(refused)
    worker()
    assert "sheet: People <2026>" in said(mia.opens(page))


def test_a_file_with_one_sheet_or_none_asks_for_none(brings, worker, mia):
    page = brings().headers["Location"]
    worker()
    assert 'name="sheet"' not in mia.opens(f"{page}/mapping").text


def test_several_columns_speak_for_an_opt_in(brings, worker, mia, database):
    page = brings("email,form,ip,note\nann@example.com,form 7,192.0.2.1,x\n").headers["Location"]
    worker()
    asked = mia.opens(f"{page}/mapping")
    assert asked.text.count('name="evidence-column"') == 2, "the one that was guessed, and one more"
    typed = {
        **mia.fields(asked), "do": "look", "who-email": "email", "choice": "opt-in",
        "evidence-column": ["form", "ip", "", "form"],
    }  # fmt: skip
    looked = mia.client.post(f"{page}/mapping", data=typed)
    assert looked.text.count('name="evidence-column"') == 3
    assert "192.0.2.1" in looked.text, "what is used is shown"
    assert mia.client.post(f"{page}/mapping", data=typed | {"do": "check"}).status_code == 303
    worker()
    mia.presses(mia.opens(page), f"{page}/run")
    worker()
    with database.reading() as session:
        [evidence] = session.scalars(select(Decision.evidence))
    assert "form 7" in evidence
    assert "192.0.2.1" in evidence


@pytest.mark.parametrize("columns", [("OPTIN_TIME", "UNSUB_TIME"), ("UNSUB_TIME", "OPTIN_TIME")])
def test_of_two_times_the_one_of_leaving_is_taken_and_both_are_named(brings, worker, mia, columns):
    times = {"OPTIN_TIME": "2020-01-01 10:00", "UNSUB_TIME": "2026-05-01 10:00"}
    page = brings(
        f"email,{','.join(columns)}\nann@example.com,{','.join(times[each] for each in columns)}\n"
    ).headers["Location"]
    worker()
    for path in (page, f"{page}/mapping"):
        words = said(mia.opens(path))
        assert "More than one column may say when: UNSUB_TIME, OPTIN_TIME." in words
        assert "Taken for the time of the decision was UNSUB_TIME." in words


def test_the_time_of_coming_alone_is_not_taken_and_said(brings, worker, mia, database, clock):
    page = brings("email,OPTIN_TIME\nann@example.com,2020-01-01 10:00\n").headers["Location"]
    worker()
    words = said(mia.opens(page))
    assert "These columns may say when: OPTIN_TIME. None of them was taken" in words
    mia.presses(mia.opens(page), f"{page}/run")
    worker()
    with database.reading() as session:
        [at] = session.scalars(select(Decision.at))
    assert at == clock.now()
