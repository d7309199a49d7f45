"""The deliveries' pages in a browser: what was refused is sent again with a pointer, and every page is one for everybody."""

import pytest
from playwright.sync_api import expect

from resign.outbox.contract import Misconfigured
from tests.console.browsing import flaws, open_tab
from tests.console.deliveries.conftest import BOARD, LETTERS
from tests.support.decisions import BORIS, decision, record, states

__all__ = ["open_tab"]

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def troubled(database, clock, drained, refused):
    """Two letters of which one was overtaken, a lane that is held, and what waits in it."""
    people = refused(3, choice="opt-in")
    record(database, decision(clock, people[1], method="synerise"))
    clock.advance(hours=25)
    record(database, decision(clock, BORIS))
    drained(tell=lambda _: Misconfigured("the log-in was refused (401): check RESIGN_SYNERISE_API_KEY"))
    clock.advance(hours=25)


def test_what_was_refused_is_sent_again_from_the_alarm_on(open_tab, database, troubled):
    tab = open_tab()
    tab.goto("/console/themes")
    tab.get_by_role("link", name="alarms").click()
    expect(tab.get_by_text("A lane is held")).to_be_visible()
    tab.get_by_role("link", name="3", exact=True).click()
    tab.get_by_role("button", name="Send again").first.click()
    expect(tab.get_by_role("status")).to_have_text("1 is on its way again.")
    assert states(database)[:3] == ["owed", "dead", "dead"]
    tab.get_by_role("link", name="Send all of these again").click()
    expect(tab.get_by_text("2 match.")).to_be_visible()
    tab.get_by_role("button", name="Send all of these again").click()
    expect(tab.get_by_role("status")).to_contain_text("1 is on its way again.")
    expect(tab.get_by_text("It is never sent.")).to_have_count(1)
    assert states(database)[:3] == ["owed", "dead", "owed"]


def test_a_lane_is_paused_and_resumed_by_keyboard(open_tab, troubled):
    tab = open_tab()
    tab.goto(BOARD)
    tab.get_by_text("Pause by hand").first.focus()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    tab.keyboard.type("maintenance")
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("The reason: maintenance")).to_be_visible()
    tab.get_by_role("button", name="Resume Synerise").press("Enter")
    expect(tab.get_by_role("button", name="Resume")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_in_anybodys_way(open_tab, troubled, scheme):
    tab = open_tab(color_scheme=scheme)
    for width in (320, 1280):
        tab.set_viewport_size({"width": width, "height": 900})
        for path in (BOARD, LETTERS, f"{LETTERS}?reason=400&l=pl", f"{LETTERS}/retry?age=day"):
            tab.goto(path)
            if tab.locator("summary").count():
                tab.locator("summary").first.click()
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, path
            assert flaws(tab) == [], (path, width)
