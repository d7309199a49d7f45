"""A feed's buttons in a browser: by keyboard, at every width, in both schemes, in both languages."""

import pytest
from playwright.sync_api import expect

from resign.app import create_feeding, feeds_of
from resign.settings import load
from tests.console.browsing import flaws, open_tab
from tests.console.deliveries.conftest import BOARD
from tests.support.decisions import BORIS, decision, record
from tests.support.variables import VARIABLES

__all__ = ["open_tab"]

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def settings(tmp_path):
    feeds = "".join(
        f"[{name}]\nkind='folder'\npath='{tmp_path / name}'\nschedule='30 2 * * *'\n"
        for name in ("nightly", "warehouse", "not-opened-by-any-worker-yet")
    )
    return load({**VARIABLES, "RESIGN_DATA_DIR": str(tmp_path), "RESIGN_DESTINATIONS": feeds})


@pytest.fixture
def fed(database, settings, clock, tmp_path):
    """One does well, one has no folder, and one is as new as the settings."""
    (tmp_path / "nightly").mkdir()
    record(database, decision(clock), decision(clock, BORIS, "opt-in"))
    for name, to in feeds_of(settings)[:2]:
        feeding = create_feeding(settings, name, to, database, clock)
        while feeding.step():
            pass
        feeding.close()


def test_it_is_sent_paused_and_resumed_by_keyboard(open_tab, fed):
    tab = open_tab()
    tab.goto(BOARD)
    feed = tab.get_by_role("region", name="nightly")
    feed.get_by_text("Send now").press("Enter")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("status")).to_contain_text("It is being sent to nightly.")
    feed.get_by_text("Pause by hand").press("Enter")
    tab.keyboard.press("Tab")
    tab.keyboard.type("moving house")
    tab.keyboard.press("Enter")
    expect(feed.get_by_text("The reason: moving house")).to_be_visible()
    feed.get_by_role("button", name="Resume nightly").press("Enter")
    expect(tab.get_by_role("button", name="Resume")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_in_anybodys_way(open_tab, fed, scheme):
    tab = open_tab(color_scheme=scheme)
    tab.goto(BOARD)
    warehouse = tab.get_by_role("region", name="warehouse")
    warehouse.get_by_text("Pause by hand").click()
    warehouse.get_by_role("button", name="Pause warehouse").click()
    expect(warehouse.get_by_role("button", name="Resume warehouse")).to_be_visible()
    for width, language in ((320, "en"), (320, "pl"), (1280, "en")):
        tab.set_viewport_size({"width": width, "height": 900})
        tab.goto(f"{BOARD}?l={language}")
        for each in tab.locator("summary").all():
            each.click()
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, language
        assert flaws(tab) == [], (language, width)
