"""Support at work with a browser: by keyboard and pointer from the box to the proof, without a script too, light and dark."""

import json
import re

import pytest
from playwright.sync_api import Page, expect
from werkzeug.test import Client

from resign.app import web_application
from tests.console.browsing import flaws, open_tab
from tests.support.decisions import BORIS
from tests.support.looked_after import person_path
from tests.support.person import Person

__all__ = ["open_tab"]

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def anna(settings, clock, database, people) -> Person:
    """She pressed on a real page, Synerise confirmed it, and Boris did so too."""
    client = Client(web_application(settings, clock, database), use_cookies=False)
    anna = Person(client, settings, clock, database)
    anna.presses(anna.opens("?c=spring"))
    people.decides(BORIS, method="one-click")
    people.is_told()
    return anna


def test_from_the_slash_to_the_proof(open_tab, anna):
    tab = open_tab()
    tab.goto("/console/themes")
    tab.keyboard.press("/")
    box = tab.get_by_role("searchbox")
    expect(box).to_be_focused()
    tab.keyboard.press("Escape")
    expect(box).not_to_be_focused()
    tab.keyboard.press("/")
    tab.keyboard.type("anna@example.com")
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    expect(tab.get_by_role("searchbox")).to_have_value("anna@example.com")
    assert "anna" not in tab.url
    hit = tab.get_by_role("link", name="a•••@example.com")
    expect(hit).to_have_count(1)
    hit.click()
    expect(tab.get_by_text("Synerise confirmed it").first).to_be_visible()
    tab.go_back()
    expect(tab.get_by_role("link", name="a•••@example.com")).to_have_count(1)
    tab.go_forward()
    tab.get_by_text("Details").first.click()
    expect(tab.get_by_text("spring", exact=True)).to_be_visible()
    tab.get_by_role("link", name="The page as they saw it").click()
    shown = tab.frame_locator("iframe.as-shown")
    expect(shown.get_by_role("button", name="Stop these emails")).to_be_visible()
    assert shown.locator("body").evaluate("(body) => getComputedStyle(body).maxWidth") != "none"
    tab.get_by_role("link", name="Back to the person").click()
    tab.get_by_role("button", name="Show the address").click()
    expect(tab.get_by_text("anna@example.com")).to_be_visible()
    tab.get_by_role("link", name="Prove it").click()
    tab.get_by_role("button", name="Show it, to be printed").click()
    expect(tab.get_by_text("anna@example.com")).to_be_visible()
    with tab.expect_download() as saved:
        tab.get_by_role("button", name="Save it as a file").click()
    assert (
        json.loads(saved.value.path().read_text())["decisions"][0]["who"]["identifier"] == "anna@example.com"
    )


def test_a_slash_in_a_field_is_a_slash(open_tab, anna):
    tab = open_tab()
    tab.goto("/console/search")
    tab.get_by_role("searchbox").focus()
    tab.keyboard.type("a/b")
    expect(tab.get_by_role("searchbox")).to_have_value("a/b")


def test_without_a_script_the_box_is_a_form(open_tab, anna):
    tab = open_tab(java_script_enabled=False)
    tab.goto("/console/themes")
    tab.get_by_role("searchbox").fill("anna@example.com")
    tab.get_by_role("button", name="Find").click()
    tab.get_by_role("link", name="a•••@example.com").click()
    expect(tab.get_by_role("heading", name="How they stand now")).to_be_visible()


def test_paper_holds_the_proof_and_no_menu(open_tab, anna):
    tab = open_tab()
    tab.goto(f"{person_path()}/proof")
    tab.get_by_role("button", name="Show it, to be printed").click()
    tab.emulate_media(media="print")
    expect(tab.get_by_text("anna@example.com")).to_be_visible()
    expect(tab.locator("header")).to_be_hidden()
    expect(tab.get_by_role("button", name="Save it as a file")).to_be_hidden()
    assert tab.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_axe_finds_nothing_and_nothing_overflows_in_light_and_dark(open_tab, anna):
    shown = f"{person_path()}/shown/{anna.decisions()[0].id}"
    pages = (
        "/console/search",
        "/console/search?q=state:undelivered+methid:x",
        person_path(),
        shown,
        f"{person_path()}/proof",
    )
    for scheme in ("light", "dark"):
        tab = open_tab(color_scheme=scheme)
        for width in (1280, 320):
            tab.set_viewport_size({"width": width, "height": 800})
            for path in pages:
                tab.goto(path)
                _look(tab, path, width)
            with tab.expect_navigation():
                tab.get_by_role("button", name="Show it, to be printed").click()
            _look(tab, "the proof", width)
            tab.goto(person_path())
            with tab.expect_navigation():
                tab.get_by_role("button", name="Show the address").click()
            _look(tab, "the address", width)


def _look(tab: Page, what: str, width: int) -> None:
    for summary in tab.locator("summary").all():
        summary.click()
    assert tab.evaluate("document.documentElement.scrollWidth") == width, (what, width)
    assert flaws(tab) == [], (what, width)
    assert tab.locator("h1").count() == 1
    first = re.sub(r"\s+", " ", tab.locator("h1").evaluate("(h) => h.firstChild.textContent")).strip()
    assert tab.title().startswith(first)
