"""Taking a search or a report along: at once or in the background, for nobody else, and nothing typed breaks it."""

import csv
import io
import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from resign.exports import asking
from resign.exports.columns import COLUMNS
from resign.staff.tables import Deed
from tests.console.exports.conftest import LEO
from tests.support.decisions import ANNA, BORIS

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LIST = "/console/exports"
SEARCH, REPORT = f"{LIST}/search", f"{LIST}/report"


@pytest.fixture
def asks(mia):
    def ask(path=SEARCH, **typed):
        return mia.client.post(path, data={"mark": mark(mia), **typed})

    return ask


@pytest.fixture
def in_the_background(monkeypatch):
    monkeypatch.setattr(asking, "MOST_AT_ONCE", 2)


def mark(mia):
    return mia.fields(mia.opens("/console/themes/default"))["mark"]


def rows(answer):
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def deeds(mia):
    with mia.database.reading() as session:
        return [
            (deed.action, json.loads(deed.detail)) for deed in session.scalars(select(Deed).order_by(Deed.id))
        ]


def test_a_small_search_is_a_file_at_once(asks, decided, mia):
    decided(ANNA, BORIS)
    answer = asks(q="anna@example.com")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert (
        answer.headers["Content-Disposition"]
        == 'attachment; filename="resign-decisions-20260504T101112Z.csv"'
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert [row["identifier"] for row in rows(answer)] == ["a•••@example.com"]
    assert deeds(mia) == [("exported", {"clear": False, "filters": "email:•••", "format": "csv", "rows": 1})]


def test_nothing_found_and_every_format(asks, decided, mia):
    assert asks(q="nobody@example.com").text == ",".join(COLUMNS) + "\r\n"
    decided(ANNA)
    assert asks(format="excel").text.startswith("\ufeffreference,")
    as_json = asks(format="jsonl")
    assert as_json.headers["Content-Disposition"].endswith('Z.jsonl"')
    assert json.loads(as_json.text)["identifier"] == "a•••@example.com"
    assert asks(format="../x").headers["Content-Disposition"].endswith('Z.csv"')


def test_in_clear_only_with_a_reason_which_is_noted(asks, decided, mia):
    decided(ANNA)
    refused = asks(q="campaign:<spring>", clear="yes", why="  ", format="jsonl")
    assert refused.status_code == 422
    assert "what the addresses are needed for" in refused.text
    assert mia.fields(refused)["q"] == "campaign:<spring>"
    assert '<option value="jsonl" selected' in refused.text
    assert deeds(mia) == []
    given = asks(clear="yes", why="the regulator asks")
    assert [row["identifier"] for row in rows(given)] == ["anna@example.com"]
    assert deeds(mia)[0][1]["why"] == "the regulator asks"


def test_a_large_one_is_written_in_the_background(asks, decided, mia, worker, in_the_background):
    decided(*[ANNA] * 5)
    asked = asks(q="choice:out", format="jsonl")
    assert (asked.status_code, asked.headers["Location"]) == (303, LIST)
    assert "Waiting" in mia.opens(LIST).text
    assert mia.opens(f"{LIST}/1").status_code == 404
    worker(steps=1)
    page = mia.opens(LIST).text
    assert "Being written" in page
    assert '<progress max="100" value="34"' in page
    assert "Rows: 2" in page
    worker()
    assert f'href="{LIST}/1"' in mia.opens(LIST).text
    answer = mia.opens(f"{LIST}/1")
    assert len(answer.text.splitlines()) == 5
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert answer.headers["Content-Disposition"].endswith('20260504T101112Z.jsonl"')
    assert answer.headers["Cache-Control"] == "no-store"
    assert [action for action, _ in deeds(mia)] == ["asked-export", "downloaded-export"]


def test_it_can_be_thrown_away(asks, decided, mia, in_the_background):
    decided(*[ANNA] * 3)
    asks()
    assert asks(f"{LIST}/1/delete").status_code == 303
    assert asks(f"{LIST}/1/delete").status_code == 404
    assert "You have none" in mia.opens(LIST).text


def test_not_more_than_five_wait(asks, decided, in_the_background):
    decided(*[ANNA] * 3)
    words = ["", "ann", "nna", "example", "choice:out", "language:pl"]
    assert [asks(q=word).status_code for word in words[:5]] == [303] * 5
    assert asks(q="exam").status_code == 429


def test_what_others_asked_for_is_nowhere(asks, decided, mia, worker, in_the_background, signed_in):
    decided(*[ANNA] * 3)
    asks()
    worker()
    signed_in(replace(LEO, grants={"default": frozenset({"support", "marketer"})}))
    form = mark(mia)
    assert "You have none" in mia.opens(LIST).text
    assert mia.opens(f"{LIST}/1").status_code == 404
    assert mia.client.post(f"{LIST}/1/delete", data={"mark": form}).status_code == 404


def test_whoever_lost_the_role_gets_no_file(asks, decided, mia, worker, in_the_background, signed_in):
    decided(*[ANNA] * 3)
    asks()
    worker()
    signed_in(replace(LEO, id=mia.number, grants={"default": frozenset({"marketer"})}))
    assert mia.opens(f"{LIST}/1").status_code == 403
    assert "Download" in mia.opens(LIST).text


ROLES = {"support": (200, 403), "marketer": (403, 200), "operator": (403, 200), "admin": (403, 403)}


@pytest.mark.parametrize(("role", "answers"), ROLES.items())
def test_a_search_is_for_support_and_a_report_for_whoever_reads_them(role, answers, mia, signed_in):
    signed_in(replace(LEO, grants={"default": frozenset({role})}))
    form = {"mark": mark(mia), "report": "opt-outs", "workspace": "default"}
    assert tuple(mia.client.post(path, data=form).status_code for path in (SEARCH, REPORT)) == answers


def test_every_report_is_a_file(asks, mia):
    for report in ("opt-outs", "undone", "confirmation", "mail-to-opt-out", "mailed-after", "bursts"):
        answer = asks(REPORT, report=report, workspace="default", grain="week")
        assert answer.status_code == 200
        assert f'filename="resign-{report}-20260504T101112Z.csv"' in answer.headers["Content-Disposition"]
    asked = {"report": "opt-outs", "by": "method", "from": "2026-05-01", "to": "2026-05-31", "agreement": "x"}
    assert asks(REPORT, workspace="default", **asked).text == "period,method,opt_outs\r\n"
    assert deeds(mia)[0] == ("exported-report", {"format": "csv", "report": "opt-outs", "rows": 6})


def test_what_is_no_report_is_said(asks):
    for wrong in (
        {"report": "nonsense"}, {}, {"report": "undone", "from": "yesterday"},
        {"report": "undone", "from": "2026-05-04", "to": "2026-05-03"}, {"report": "undone", "to": "0001-01-01"},
    ):  # fmt: skip
        assert asks(REPORT, workspace="default", **wrong).status_code == 422
    for workspace in ("", "nobody", "\x00"):
        assert asks(REPORT, workspace=workspace, report="undone").status_code == 404
    assert (
        asks(REPORT, workspace="default", report="opt-outs", agreement="\x00'", by="\x00").status_code == 200
    )


@pytest.mark.parametrize(
    "typed", ["o'brien@example.com", "\x00", "💩" * 5_000, "'; DROP TABLE exports; --", "state:dead reason:x"]
)
def test_whatever_is_typed_is_exported(typed, asks, decided, in_the_background):
    decided(*[ANNA] * 3)
    assert asks(q=typed, why=typed).status_code in {200, 303}


def test_a_number_that_is_none_is_no_export(asks, mia):
    for number in ("99999999999999999999", "0", "x"):
        assert mia.opens(f"{LIST}/{number}").status_code == 404
        assert asks(f"{LIST}/{number}/delete").status_code == 404
