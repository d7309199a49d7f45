"""Reports in the console: the figures of `resign report`, in any days that make sense, and a sentence for those that do not."""

import csv
import re
from html import unescape
from pathlib import Path

import pytest

from resign.profile import Profile
from resign.reports import figures
from resign.reports.chart import STYLE
from resign.reports.span import Span
from resign.settings import load
from tests.console.reports.conftest import days_ago
from tests.support.decisions import decision, record
from tests.support.variables import VARIABLES

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
REPORTS = "/console/reports/default"
ALL = ("opt-outs", "undone", "confirmation", "mail-to-opt-out", "mailed-after")
WRONG = {
    "from=2026-06-02&to=2026-06-01": ("to", "before the first"),
    "to=9999-12-31": ("to", "2000-01-01 to 2999-12-31"),
    "from=0001-01-01": ("from", "2000-01-01 to 2999-12-31"),
    "to=0001-01-01": ("to", "2000-01-01 to 2999-12-31"),
    "from=2001-01-01": ("from", "ten years"),
    "from=yesterday": ("from", "“yesterday” is no day"),
    "from=2026-02-30": ("from", "is no day"),
    "to=20260504": ("to", "is no day"),
    "to=%D9%A2%D9%A0%D9%A2%D9%A6-%D9%A0%D9%A1-%D9%A0%D9%A1": ("to", "is no day"),
    "to=%00": ("to", "is no day"),
    "from=<script>": ("from", "is no day"),
    "from=" + "9" * 5000: ("from", "is no day"),
    "days=31": ("from", "one of the lengths"),
    "days=-1": ("from", "one of the lengths"),
    "grain=hour": ("grain", "Choose one of the list"),
    "by=person": ("by", "Choose one of the list"),
}


def table(page) -> list[list[str]]:
    """The last table of a page, as it is read."""
    rows = re.findall(r"<tr>(.*?)</tr>", page.text.rpartition("<table")[2], re.DOTALL)
    return [
        [
            unescape(re.sub(r"<[^>]+>", "", cell))
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        ]
        for row in rows
    ]


def sums(page) -> dict[str, str]:
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page.text)
    return {unescape(name): unescape(re.sub("<[^>]+>", "", value)) for name, value in found}


def drawn(page) -> list[str]:
    return re.findall(r"<svg .*?</svg>", page.text, re.DOTALL)


def test_the_console_says_what_the_command_says_which_is_what_the_ledger_holds(mia, weeks, database):
    span = Span(weeks.date().fromordinal(weeks.toordinal() - 29), weeks.date())
    with database.reading() as session:
        by_method = figures.opt_outs_over_time(session, "default", span, "method")
        undone = figures.share_undone(session, "default", span)
        confirmed = figures.time_to_confirmation(session, "default", span, weeks)
    page = mia.opens(f"{REPORTS}/opt-outs?by=method")
    assert sums(page)["Opt-outs"] == str(by_method.totals["opt_outs"]) == "60"
    rows = table(page)
    assert rows[0] == ["Day", "with the mail program's button", "on the page", "All"]
    assert len(rows) == 31
    assert [int(row[-1]) for row in rows[1:]] == [1 + day % 3 for day in range(10, 40)]
    assert [int(row[2]) for row in rows[1:]] == [0 if day % 2 else 1 + day % 3 for day in range(10, 40)]
    assert sums(mia.opens(f"{REPORTS}/undone")) == {"Opt-outs": "60", "Taken back": "1", "Share": "1.7%"}
    assert undone.totals["undone"] == 1
    told = sums(mia.opens(f"{REPORTS}/confirmation"))
    assert told["Confirmed"] == str(confirmed.totals["confirmed"]) == "60"
    assert told["Within 48 hours"] == f"{confirmed.totals['within_48h']:.1%}"
    overview = unescape(re.sub(r"<[^>]+>", " ", mia.opens(REPORTS).text))
    for words in (r"Opt-outs a day\s+2\s+60 in all", r"Taken back\s+1\.7%", r"Bursts to be looked at\s+0"):
        assert re.search(words, overview), words


@on_sqlite
@pytest.mark.parametrize("report", ALL)
def test_each_report_has_its_chart_its_table_and_its_file(mia, weeks, people, report):
    for query in ("", "?grain=week&days=90", "?grain=month&days=365"):
        page = mia.opens(f"{REPORTS}/{report}{query}")
        assert page.status_code == 200
        wide, narrow = drawn(page)
        assert "style=" not in wide + narrow
        assert "<style" not in page.text
        assert len(table(page)) > 1
    [file, excel] = [unescape(path) for path in re.findall(r'href="([^"]+/csv\?[^"]+)"', page.text)]
    answer = mia.opens(file)
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert (
        f'filename="resign-{report}-default-{days_ago(weeks, 364)}-' in answer.headers["Content-Disposition"]
    )
    assert answer.text.startswith("period,")
    assert mia.opens(excel).content.startswith("\ufeffperiod,".encode())
    deed = people.deeds()[-1]
    assert (deed.action, deed.workspace) == ("exported-report", "default")
    assert f'"report": "{report}"' in deed.detail
    assert '"grain": "month"' in deed.detail


@on_sqlite
def test_a_campaign_may_be_called_anything_and_is_no_formula(mia, weeks):
    page = mia.opens(f"{REPORTS}/opt-outs?by=campaign")
    assert "<b>" not in page.text
    assert "=summer &amp; sun &lt;b&gt;" in page.text
    file = mia.opens(f"{REPORTS}/opt-outs/csv?by=campaign").text
    assert {row[1] for row in csv.reader(file.splitlines())} == {"campaign", "spring", "'=summer & sun <b>"}


@on_sqlite
def test_a_figure_leads_to_the_search_that_lists_its_decisions_for_those_who_may(mia, weeks, as_staff):
    page = mia.opens(f"{REPORTS}/opt-outs?by=campaign&days=7")
    [spring] = [
        unescape(path) for path in re.findall(r'href="(/console/search\?q=[^"]+spring[^"]+)"', page.text)
    ]
    found = mia.opens(spring, follow_redirects=True)
    assert len(re.findall(r'<p class="who">', found.text)) == int(
        re.search(r"(\d+): search the decisions of spring", page.text)[1]
    )
    as_staff(3, "mar", default="marketer")
    assert "/console/search?" not in mia.opens(f"{REPORTS}/opt-outs?by=campaign&days=7").text


@on_sqlite
def test_days_that_make_no_sense_are_said_at_their_field(mia, weeks):
    for query, (field, says) in WRONG.items():
        page = mia.opens(f"{REPORTS}/opt-outs?{query}")
        assert page.status_code == 422, query
        [fault] = re.findall(
            rf'<div class="fault" id="{field}-fault">\s*(.*?)\s*</div>', page.text, re.DOTALL
        )
        assert says in unescape(fault), query
        assert f'aria-describedby="{field}-fault"' in page.text
        assert not drawn(page)
        assert mia.opens(f"{REPORTS}/opt-outs/csv?{query}").status_code == 422


@on_sqlite
def test_an_address_can_be_shared_and_means_the_same_tomorrow(mia, weeks, clock):
    page = mia.opens(f"{REPORTS}/opt-outs?days=7&by=method")
    path = unescape(re.search(r'href="([^"]+)/csv\?([^"]+)"', page.text)[2])
    before = table(mia.opens(f"{REPORTS}/opt-outs?{path}"))
    clock.advance(days=3)
    assert table(mia.opens(f"{REPORTS}/opt-outs?{path}")) == before
    assert table(mia.opens(f"{REPORTS}/opt-outs?days=7&by=method")) != before


@on_sqlite
def test_nothing_and_a_single_day_say_so(mia, weeks):
    for report, says in (
        ("opt-outs", "Nobody opted out"), ("undone", "Nobody opted out"), ("confirmation", "Nothing was confirmed"),
        ("mail-to-opt-out", "Of no opt-out"), ("mailed-after", "Nobody was mailed"),
    ):  # fmt: skip
        page = mia.opens(f"{REPORTS}/{report}?from=2020-01-01&to=2020-01-31&grain=week")
        assert f'<p class="well">{says}' in page.text, report
        assert all("Nothing in this time." in chart for chart in drawn(page))
    day = days_ago(weeks, 1)
    page = mia.opens(f"{REPORTS}/opt-outs?from={day}&to={day}")
    assert "nothing beside it to compare it with" in page.text
    assert [row[1] for row in table(page)] == ["Opt-outs", "3"]
    assert mia.opens(f"{REPORTS}/opt-outs?by=reason").status_code == 200


@on_sqlite
class TestAnotherTimeZone:
    """Whoever presses at eleven in the evening in UTC does so tomorrow in Warsaw."""

    @pytest.fixture
    def settings(self, tmp_path):
        return load({**VARIABLES, "RESIGN_DATA_DIR": str(tmp_path), "RESIGN_TIME_ZONE": "Europe/Warsaw"})

    def test_a_day_ends_at_the_workspaces_own_midnight(self, mia, clock, database, counted):
        clock.advance(hours=13)  # 4 May, 23:11 UTC
        record(database, decision(clock, Profile("email", "late@example.com")))
        counted()
        page = mia.opens(f"{REPORTS}/opt-outs?days=7")
        assert table(page)[-1] == ["5 May 2026", "1"]
        assert "Days are those of the time zone Europe/Warsaw." in page.text
        assert "decisions are still to be counted" not in page.text
        record(database, decision(clock, Profile("email", "later@example.com")))
        assert "About 1 decisions are still to be counted." in mia.opens(REPORTS).text


@on_sqlite
def test_weeks_begin_on_monday_and_months_have_names_in_polish_too(mia, weeks):
    rows = table(mia.opens(f"{REPORTS}/opt-outs?from=2026-05-06&to=2026-05-20&grain=week"))
    assert [row[0] for row in rows] == ["Week from", "4 May 2026", "11 May 2026", "18 May 2026"]
    rows = table(mia.opens(f"{REPORTS}/opt-outs?from=2026-05-06&to=2026-06-20&grain=month&l=pl"))
    assert [row[0] for row in rows] == ["Miesiąc", "maj 2026", "czerwiec 2026"]


@on_sqlite
def test_reports_are_for_marketers_and_operators_of_that_workspace(mia, weeks, as_staff):
    pages = [REPORTS, *(f"{REPORTS}/{report}" for report in ALL), f"{REPORTS}/opt-outs/csv"]
    for roles, status in (("marketer", 200), ("operator", 200), ("support", 403), ("admin", 403)):
        as_staff(4, "ola", default=roles)
        assert {mia.opens(path).status_code for path in pages} == {status}, roles
    as_staff(4, "ola", elsewhere="marketer operator support")
    assert {mia.opens(path).status_code for path in pages} == {404}
    assert mia.opens("/console/reports").status_code == 404
    as_staff(4, "ola", default="support")
    assert mia.opens("/console/reports").headers["Location"] == "/console/bursts/default"
    as_staff(4, "ola", default="marketer")
    assert mia.opens("/console/reports").headers["Location"] == REPORTS


@on_sqlite
def test_what_there_is_not_is_said(mia, weeks):
    for path in (
        f"{REPORTS}/nothing",
        f"{REPORTS}/bursts",
        f"{REPORTS}/nothing/csv",
        "/console/reports/nobody",
    ):
        assert mia.opens(path).status_code == 404, path


def test_the_consoles_charts_have_the_colours_of_all_others():
    style = (Path(__file__).parents[3] / "static" / "console" / "reports.css").read_text()
    series = set(re.findall(r"\.s\d\{fill:(#\w{6})", STYLE))
    assert len(series) == 12
    assert series == set(re.findall(r"--series-\d: (#\w{6})", style))
