"""An export as a person with a browser has it: asked for on the page of a search, seen to become ready, downloaded."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from resign.exports import asking
from resign.profile import Profile
from tests.console.browsing import flaws

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

SEARCH, LIST = "/console/search", "/console/exports"


@pytest.fixture(params=[320, 1280])
def tab(browser, url, request, mia):
    context = browser.new_context(base_url=url, viewport={"width": request.param, "height": 800})
    context.add_cookies(mia.cookies)
    tab, complaints = context.new_page(), []
    tab.set_default_timeout(30_000)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda said: complaints.append(said.text))
    yield tab
    context.close()
    assert not [said for said in complaints if "status of 422" not in said]


def looks_right(tab: Page) -> None:
    assert flaws(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


@pytest.fixture
def people(decided):
    decided(*(Profile("email", f"=kowalsk{number}@example.com") for number in range(5)))


def asks_for_a_reason(tab: Page) -> None:
    tab.goto(SEARCH)
    tab.get_by_text("Export", exact=True).last.click()
    looks_right(tab)
    tab.get_by_label("With addresses in clear").check()
    tab.get_by_role("button", name="Export the search").click()
    expect(tab.get_by_text("Say in a few words")).to_be_visible()
    looks_right(tab)
    tab.get_by_label("Why in clear, in words").fill("the regulator asked for them")


def test_a_small_search_is_downloaded_at_once(tab, people):
    asks_for_a_reason(tab)
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Export the search").click()
    assert download.value.suggested_filename == "resign-decisions-20260504T101112Z.csv"
    named = [row["identifier"] for row in rows(download.value.path())]
    assert named == [f"'=kowalsk{number}@example.com" for number in (4, 3, 2, 1, 0)]


def test_a_large_one_is_seen_to_become_ready(tab, people, worker, monkeypatch):
    monkeypatch.setattr(asking, "MOST_AT_ONCE", 2)
    tab.goto(SEARCH)
    tab.get_by_text("Export", exact=True).last.click()
    tab.get_by_role("button", name="Export the search").click()
    expect(tab).to_have_url(re.compile(f"{LIST}$"))
    expect(tab.get_by_text("Waiting")).to_be_visible()
    worker(steps=1)
    expect(tab.get_by_text("Rows: 2")).to_be_visible()
    expect(tab.get_by_role("progressbar")).to_be_visible()
    looks_right(tab)
    worker()
    expect(tab.get_by_text("An export is ready.")).to_be_attached()
    looks_right(tab)
    with tab.expect_download() as download:
        tab.get_by_role("link", name="Download").click()
    assert [row["identifier"] for row in rows(download.value.path())] == ["'=•••@example.com"] * 5
    tab.get_by_role("button", name="Delete").click()
    expect(tab.get_by_text("You have none.")).to_be_visible()
