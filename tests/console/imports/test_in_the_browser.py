"""An import as a person with a browser has it: brought, given a meaning, taken in, its refused rows downloaded, taken back."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.console.browsing import flaws, open_tab
from tests.console.imports.conftest import LIST, PEOPLE

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
__all__ = ["open_tab"]  # a fixture


@pytest.fixture(params=[320, 1280])
def tab(open_tab, request) -> Page:
    tab = open_tab(color_scheme="dark" if request.param == 320 else "light")
    tab.set_viewport_size({"width": request.param, "height": 800})
    return tab


def looks_right(tab: Page) -> None:
    assert flaws(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # What matters most of a table stands in its last column, and nothing says that one could be scrolled.
    hidden = "[...document.querySelectorAll('.fits')].filter(t => t.offsetWidth > t.parentElement.clientWidth).length"
    assert tab.evaluate(hidden) == 0


def test_from_the_file_to_taking_it_back(tab, worker, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    tab.goto(LIST)
    looks_right(tab)
    expect(tab.get_by_role("link", name="Imports", exact=True)).to_have_attribute("aria-current", "true")
    tab.get_by_label("File", exact=True).set_input_files(file)
    tab.get_by_role("button", name="Check the file").press("Enter")
    expect(tab.get_by_role("status")).to_contain_text("Being checked")
    looks_right(tab)

    # Without a press, the page says when it is done.
    worker()
    expect(tab.get_by_role("heading", name="What taking it in would do")).to_be_visible()
    looks_right(tab)
    tab.get_by_role("link", name="What the columns mean").click()
    expect(tab.get_by_label("Column with the email")).to_have_value("e-mail")
    expect(tab.get_by_label("These values mean opt-out")).to_have_value("unsubscribed")
    tab.get_by_text("The file was read wrongly").click()
    looks_right(tab)
    tab.get_by_label("Column with the email").select_option("")
    tab.get_by_role("button", name="Check the file so").click()
    expect(tab.get_by_role("alert")).to_contain_text("Say which column names the person")
    looks_right(tab)
    tab.get_by_label("Column with the email").select_option("e-mail")
    tab.get_by_role("button", name="Check the file so").click()
    worker()
    tab.get_by_role("link", name="Look again").or_(tab.get_by_role("button", name="Take it in")).first.click()
    take = tab.get_by_role("button", name="Take it in")
    if take.is_visible():
        take.click()
    worker()
    tab.goto(tab.url)
    expect(tab.get_by_role("status")).to_contain_text("Taken in")
    looks_right(tab)

    with tab.expect_download() as download:
        tab.get_by_role("link", name="Download the refused rows").click()
    with Path(download.value.path()).open(encoding="utf-8", newline="") as opened:
        assert [row["e-mail"] for row in csv.DictReader(opened)] == ["no address", "'=cmd()@@"]
    tab.get_by_role("link", name="Every row").click()
    looks_right(tab)
    tab.go_back()
    tab.get_by_role("link", name="Take it back").click()
    looks_right(tab)
    tab.get_by_role("button", name="Take the whole import back").click()
    worker()
    tab.goto(tab.url)
    expect(tab.get_by_role("status")).to_contain_text("Taken back")
    looks_right(tab)


@pytest.mark.parametrize("width", [320, 1280])
def test_in_polish_every_page_is_as_good(open_tab, brings, worker, width):
    page = brings().headers["Location"]
    worker()
    tab = open_tab(locale="pl")
    tab.set_viewport_size({"width": width, "height": 800})
    for path, says in (
        (LIST, "Importy"),
        (page, "Co zrobiłoby wczytanie"),
        (f"{page}/mapping", "Co oznaczają kolumny"),
    ):
        tab.goto(f"{path}?l=pl")
        expect(tab.get_by_role("heading", name=says, exact=True)).to_be_visible()
        looks_right(tab)


def test_without_a_script_it_goes_all_the_way(open_tab, worker, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    tab = open_tab(java_script_enabled=False)
    tab.goto(LIST)
    tab.get_by_label("File", exact=True).set_input_files(file)
    tab.get_by_role("button", name="Check the file").click()
    worker()
    tab.get_by_role("link", name="Look again").click()
    tab.get_by_role("button", name="Take it in").click()
    worker()
    tab.get_by_role("link", name="Look again").click()
    expect(tab.get_by_role("status")).to_contain_text("Taken in")
