"""Acting for a person as somebody with a browser does: by keyboard, without a script, and beside a colleague."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.console.acting.conftest import SOUND
from tests.console.browsing import flaws, open_tab, tab
from tests.support.decisions import choices
from tests.support.looked_after import person_path

__all__ = ["open_tab", "tab"]

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
ACTS = ("opt-out", "undo", "tell-again", "check-now", "send-link")


def fills(tab: Page) -> None:
    tab.get_by_label("by phone").check()
    tab.get_by_label("On which day they asked").fill("2026-05-03")
    tab.get_by_label("On what this rests").fill("She rang and asked.")


def test_an_opt_out_on_behalf(tab, people, support, database):
    people.decides(choice="opt-in")
    tab.goto(person_path())
    tab.get_by_role("link", name="Opt out on behalf").click()
    tab.get_by_label("by phone").check()
    tab.get_by_role("button", name="Opt this person out").click()
    words = tab.get_by_label("On what this rests")
    expect(words).to_have_accessible_description(re.compile("Say on what this rests"))
    expect(tab.get_by_label("by phone")).to_be_checked()
    fills(tab)
    words.press("Tab")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("status").filter(has_text="Recorded: this person is out")).to_be_visible()
    expect(tab.get_by_text("Ada opted them out on their behalf.")).to_be_visible()
    assert choices(database) == ["opt-in", "opt-out"]


def test_without_a_script_the_second_of_two_sees_what_changed_and_goes_on(
    open_tab, people, support, database
):
    people.decides()
    tab = open_tab(java_script_enabled=False)
    tab.goto(f"{person_path()}/undo")
    fills(tab)
    support.is_("Mia").does("opt-out", **SOUND)
    support.is_("Ada")
    tab.get_by_role("button", name="Opt in without a mail").click()
    expect(tab.get_by_role("alert")).to_contain_text("Mia opted this person out (newsletter), just now.")
    expect(tab.get_by_label("On what this rests")).to_have_value("She rang and asked.")
    tab.get_by_role("button", name="Opt in without a mail").click()
    expect(tab.get_by_role("status").filter(has_text="Recorded: this person is in again")).to_be_visible()
    assert choices(database) == ["opt-out", "opt-out", "opt-in"]


def test_axe_finds_nothing_and_nothing_overflows_in_light_and_dark(open_tab, people, support):
    people.decides()
    people.is_told()
    for scheme, width in (("light", 320), ("dark", 1280)):
        tab = open_tab(color_scheme=scheme)
        tab.set_viewport_size({"width": width, "height": 800})
        for path in (*(f"{person_path()}/{act}" for act in ACTS), "/console/people/default/new"):
            tab.goto(path, wait_until="domcontentloaded")
            clean(tab, path, width)
        tab.get_by_role("button", name="Opt this person out").click()
        expect(tab.get_by_role("alert")).to_contain_text("Nothing was done yet")
        clean(tab, "what is wrong", width)


def clean(tab: Page, what: str, width: int) -> None:
    assert tab.evaluate("document.documentElement.scrollWidth") == width, what
    assert flaws(tab) == [], what
    assert tab.title().startswith(tab.locator("h1").evaluate("(h) => h.firstChild.textContent.trim()"))
