"""Every page as it stands in the running system: axe finds nothing, nothing overflows, and people can look at it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from resign.themes import Pages
from tests.browser.states import MAILS, STATES
from tests.browser.tab import NARROW, WIDE, Tab
from tests.support.running import Running

pytestmark = pytest.mark.browser

HEIGHT = 800


def pictures_of(tab: Tab, name: str, shots: Path) -> None:
    """At 320 pixels, on a desktop, and both in the dark. axe takes its time: once for each width and scheme will do."""
    for scheme in ("light", "dark"):
        for width in (NARROW, WIDE):
            tab.page.emulate_media(color_scheme=scheme)
            tab.page.set_viewport_size({"width": width, "height": HEIGHT})
            where = (name, scheme, width)
            assert not tab.overflows(), where
            if (scheme, width) in {("light", NARROW), ("dark", WIDE)}:
                assert tab.axe() == [], where
            size = "320" if width == NARROW else "desktop"
            tab.page.screenshot(path=shots / f"{name}-{size}-{scheme}.png", full_page=True)


@pytest.mark.parametrize("name", STATES)
def test_a_page_is_sound_in_every_width_and_scheme(live: Running, open_tab, shots, name):
    way, heading = STATES[name]
    tab = open_tab(width=NARROW)
    way(tab, live.somebody())
    assert tab.heading() == heading
    pictures_of(tab, name, shots)


@pytest.mark.parametrize("name", MAILS)
def test_the_mail_app_is_sound_too(live: Running, open_tab, shots, name):
    way, heading = MAILS[name]
    tab = open_tab(width=NARROW)
    way(tab, live.somebody())
    assert tab.heading() == heading
    pictures_of(tab, name, shots)


@pytest.mark.parametrize("name", ["asking", "done", "confirmed", "bad-link"])
def test_at_four_hundred_percent_nothing_is_cut_off(live: Running, open_tab, shots, name):
    """1280 pixels at 400 % are 320, each of them four wide (WCAG 2.2, 1.4.10)."""
    way, heading = STATES[name]
    tab = open_tab(width=WIDE // 4, height=1024 // 4, device_scale_factor=4)
    way(tab, live.somebody())
    assert tab.heading() == heading
    assert not tab.overflows()
    for button in tab.page.get_by_role("button").all():
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= WIDE // 4
    tab.page.screenshot(path=shots / f"{name}-400-percent.png")


@pytest.mark.parametrize("name", ["done", "out", "polish"])
@pytest.mark.parametrize("width", [NARROW, 360, WIDE])
def test_a_reference_that_is_read_aloud_stands_in_one_line(live: Running, open_tab, name, width):
    way, _ = STATES[name]
    tab = open_tab(width=width)
    way(tab, live.somebody())
    lines = "e => new Set([...e.getClientRects()].map(r => r.top)).size"
    assert tab.page.locator(".spoken").evaluate_all(f"all => all.map({lines})") == [1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_whoever_is_out_is_urged_to_press_nothing(live: Running, open_tab, scheme):
    """The buttons there are of one weight: an outline, as tall as a finger needs, and reached by keyboard."""
    tab = open_tab(width=NARROW, color_scheme=scheme)
    STATES["out"][0](tab, live.somebody())
    buttons = tab.page.locator("main form[action*='/u/']:not([action*='/reason']) button")
    look = "getComputedStyle(e).backgroundColor + getComputedStyle(e).borderTopColor"
    looks = buttons.evaluate_all(f"all => all.map(e => {look})")
    assert len(looks) == 2
    assert len(set(looks)) == 1
    assert looks[0].startswith("rgba(0, 0, 0, 0)")
    for button in buttons.all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    tab.tabs_to("Stop these emails again")


@pytest.mark.parametrize("name", ["asking", "done", "undone"])
def test_one_page_is_one_request(live: Running, open_tab, name):
    way, _ = STATES[name]
    tab = open_tab()
    anna = live.somebody()
    way(tab, anna)
    tab.page.wait_for_load_state("networkidle")
    pressed = {"asking": [], "done": [anna.path], "undone": [anna.path, f"{anna.path}/undo"]}[name]
    assert tab.requests_to(live.url) == [("GET", anna.path), *(("POST", path) for path in pressed)]
    assert len(tab.asked) == 1 + len(pressed)
    assert tab.page.evaluate("performance.getEntriesByType('resource').length") == 0
    assert tab.page.evaluate("document.scripts.length") == 0


def test_right_to_left_is_there_to_look_at(
    browser: Browser, world_pages: Pages, example: Callable, shots: Path
):
    """Arabic, filled in without a running system: the pages are the same, and the pictures come quickly."""
    for width, scheme in ((NARROW, "light"), (WIDE, "dark")):
        context = browser.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)
        tab = context.new_page()
        for name in ("optout", "done", "out-confirmed-undo"):
            page = world_pages.page(name, "ar", "fern")
            tab.set_content(page.fill(example(page)).decode())
            assert tab.evaluate("document.documentElement.dir") == "rtl"
            assert tab.evaluate("document.documentElement.scrollWidth") == width
            tab.screenshot(path=shots / f"rtl-{name}-{width}-{scheme}.png", full_page=True)
        context.close()
