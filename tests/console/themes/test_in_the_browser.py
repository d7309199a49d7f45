"""The console as a person with a browser has it: by pointer, by keyboard alone, and without a script."""

import io
import re
import time

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect
from sqlalchemy import delete

from resign.staff.tables import StaffSession
from tests.console.browsing import flaws, open_tab, tab
from tests.console.conftest import HOME
from tests.console.themes.test_releasing import without_browser

# Fixtures of other modules.
__all__ = ["open_tab", "tab", "without_browser"]

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

PAGES = {
    "all": "/console/themes",
    "look": HOME,
    "texts": f"{HOME}/texts/ar?q=email",
    "templates": f"{HOME}/templates",
    "template": f"{HOME}/templates/optout.html",
    "style": f"{HOME}/style",
    "publish": f"{HOME}/publish",
    "discard": f"{HOME}/discard",
    "wear": f"{HOME}/wear/1",
    "reference": "/console/reference",
    "nowhere": "/console/nowhere",
}


def frame(tab: Page):
    return tab.frame_locator("#frame")


def paper(tab: Page) -> str:
    """The sandbox keeps scripts out of the frame, so its page is read as text."""
    return tab.frame(url=re.compile("/preview")).content().replace(" ", "")


def test_a_colour_is_seen_in_the_preview_while_it_is_typed(tab, mia):
    tab.goto(HOME)
    expect(frame(tab).get_by_role("button", name="Stop these emails")).to_be_visible()
    with tab.expect_response(re.compile("/preview/")):
        tab.get_by_label("Paper: behind everything", exact=True).first.fill("#ffe9c4")
    expect(frame(tab).get_by_role("heading", level=1)).to_be_visible()
    assert "--paper:#ffe9c4" in paper(tab)
    expect(tab.locator("#unsaved")).to_have_text("Not saved yet")
    assert tab.locator('[data-for="light.paper"]').input_value() == "#ffe9c4"
    assert mia.draft() is None
    tab.keyboard.press("Control+s")
    expect(tab.get_by_text("Saved as a draft")).to_be_visible()
    assert b"#ffe9c4" in mia.draft().source.files["theme.toml"]


def test_the_contrast_is_computed_as_it_is_typed(tab):
    tab.goto(HOME)
    row = tab.locator('[data-scheme="light"] [data-ink="ink"]')
    expect(row.locator("output")).to_have_text("15.99")
    tab.locator('[id="light.ink"]').fill("#999999")
    expect(row).to_have_class("fails")
    expect(row.get_by_text("too low")).to_be_visible()


def test_the_screens_language_and_state_can_be_chosen(tab):
    tab.goto(HOME)
    for page, language, words in (
        ("done", "pl", "Wypisano Cię z listy"),
        ("bad-link", "en", "This link cannot be read"),
    ):
        tab.get_by_label("Language", exact=True).select_option(language)
        tab.get_by_label("Page", exact=True).select_option(page)
        expect(frame(tab).get_by_role("heading", level=1)).to_have_text(words)
    tab.get_by_label("Screen").select_option("1280")
    assert tab.locator("#frame").evaluate("(frame) => frame.offsetWidth") == 1280


def test_the_dark_colours_are_seen_on_a_light_device_and_the_other_way_round(open_tab):
    tab = open_tab(color_scheme="null")  # an emulated one would hold in every frame
    tab.goto(f"{HOME}?scheme=dark")
    tab.locator('[id="dark.paper"]').fill("#301000")
    for scheme, paper in (("dark", (0x30, 0x10, 0x00)), ("light", (0xFA, 0xF9, 0xF5))):
        tab.get_by_label("Colours", exact=True).select_option(scheme)
        until = time.monotonic() + 30
        while (seen := corner(tab)) != paper:
            assert time.monotonic() < until, (scheme, seen)


def corner(tab: Page) -> tuple[int, ...]:
    """The colour of the page in the frame, as a person sees it."""
    picture = Image.open(io.BytesIO(tab.locator("#frame").screenshot())).convert("RGB")
    return picture.getpixel((20, 20))


def test_on_a_phone_the_preview_is_one_press_away_and_so_is_the_way_back(tab):
    tab.set_viewport_size({"width": 320, "height": 640})
    tab.goto(f"{HOME}/texts/en")
    text = tab.locator(".text textarea").nth(60)
    text.scroll_into_view_if_needed()
    there = tab.evaluate("scrollY")
    tab.get_by_role("link", name="Preview", exact=True).click()
    expect(tab.locator("#frame")).to_be_in_viewport()
    tab.get_by_role("link", name="Back to what is typed").click()
    expect(text).to_be_in_viewport()
    assert abs(tab.evaluate("scrollY") - there) < 5


def test_without_a_script_the_preview_is_one_press_away_too(open_tab):
    tab = open_tab(java_script_enabled=False)
    tab.set_viewport_size({"width": 320, "height": 640})
    tab.goto(f"{HOME}/texts/en")
    tab.get_by_role("link", name="Preview", exact=True).click()
    expect(tab.get_by_role("heading", name="Preview")).to_be_in_viewport()
    tab.get_by_role("link", name="Back to what is typed").click()
    expect(tab.get_by_label("Search these texts")).to_be_in_viewport()


def test_a_mistake_in_a_template_is_shown_with_its_line_and_then_saved_when_mended(tab, mia):
    tab.goto(f"{HOME}/templates/optout.html")
    tab.get_by_role("button", name="Start from the shipped one").click()
    own = tab.get_by_label(re.compile("own template"))
    expect(own).to_have_value(re.compile("extends"))
    own.fill('{% extends "~/public/optout.html" %}\n{% block heading %}\n{{ nobody }}\n{% endblock %}')
    expect(tab.locator("#said li")).to_contain_text("Line 3: nobody is unknown here")
    expect(tab.locator("#line-3")).to_have_class("bad")
    tab.get_by_role("button", name="Save draft").click()
    expect(tab.get_by_text("Not saved. What you typed is all here")).to_be_visible()
    expect(own).to_have_value(re.compile("nobody"))
    expect(own).to_have_accessible_description(re.compile("Line 3"))
    own.fill('{% extends "~/public/optout.html" %}\n{% block heading %}Leave us{% endblock %}')
    tab.get_by_role("button", name="Save draft").click()
    expect(tab.get_by_text("Saved as a draft")).to_be_visible()
    expect(frame(tab).get_by_role("heading", level=1)).to_have_text("Leave us")
    assert "templates/optout.html" in mia.draft().source.files


def test_what_is_typed_before_the_script_is_there_is_shown_too(tab):
    """On a slow line, on a page that holds what is not saved yet."""
    tab.goto(f"{HOME}/templates/optout.html")
    held: list[Route] = []

    def hold(script: Route) -> None:
        held.append(script)

    tab.route("**/editor.js", hold)
    tab.get_by_role("button", name="Start from the shipped one").click()
    own = tab.get_by_label(re.compile("own template"))
    expect(own).to_have_value(re.compile("extends"))
    own.fill("{{ nobody }}")
    for script in held:
        script.continue_()
    expect(tab.locator("#said li").first).to_contain_text("Line 1: nobody is unknown here")


def test_the_first_fault_is_seen_at_once_also_far_down_a_long_template(tab):
    tab.goto(f"{HOME}/style")
    own = tab.get_by_label(re.compile("own style"))
    own.fill(
        "h1 { color: #222 }\n" * 80
        + "h1 { background: url(https://x.example) }\n"
        + "h1 { color: #222 }\n" * 40
    )
    tab.get_by_role("button", name="Save draft").click()
    expect(tab.get_by_text("One fault")).to_be_attached()
    expect(own).to_be_focused()
    expect(tab.locator("#line-81")).to_be_in_viewport()
    assert own.evaluate("(text) => text.value.slice(text.selectionStart).split('\\n')[0]").startswith(
        "h1 { background"
    )


def test_a_polish_text_is_written_beside_the_original(tab):
    tab.goto(f"{HOME}/texts/pl")
    tab.get_by_label("Search these texts").fill("wypisz mnie")
    own = tab.get_by_label("Own text for: Wypisz mnie z listy")
    assert tab.locator(".text:visible").count() < 5
    assert own.bounding_box()["x"] > tab.locator(".text:visible .original").first.bounding_box()["x"] + 100
    own.fill("Proszę mnie wypisać")
    expect(frame(tab).get_by_role("button", name="Proszę mnie wypisać")).to_be_visible()


def test_a_logo_is_uploaded_seen_and_described(tab, mia, picture):
    own = (
        '{% extends "~/public/layout.html" %}'
        '{% block brand %}{% if logo %}<img src="{{ logo }}" alt="{{ logo_alt }}">{% endif %}{% endblock %}'
    )
    assert mia.sends(mia.opens(f"{HOME}/templates/layout.html"), own=own).status_code == 303
    tab.goto(HOME)
    file = tab.get_by_label("New picture")
    file.set_input_files({"name": "logo.svg", "mimeType": "image/png", "buffer": b"<svg/>"})
    tab.get_by_role("button", name="Save draft").click()
    expect(tab.get_by_label("New picture")).to_have_accessible_description(
        re.compile("An SVG can hold a program")
    )
    file.set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": picture})
    tab.get_by_label("What the picture says").fill("Fjord & Fern")
    tab.get_by_role("button", name="Save draft").click()
    expect(tab.get_by_role("img", name="The logo as it is")).to_be_visible()
    expect(frame(tab).get_by_role("img", name="Fjord & Fern")).to_be_visible()


def test_two_people_who_save_one_file_lose_nothing(open_tab):
    ada, mia = open_tab(), open_tab()
    for theirs, words in ((ada, "h1 { color: #222 }"), (mia, "h1 { color: #333 }")):
        theirs.goto(f"{HOME}/style")
        theirs.get_by_label(re.compile("own style")).fill(words)
    ada.get_by_role("button", name="Save draft").click()
    expect(ada.get_by_text("Saved as a draft")).to_be_visible()
    mia.get_by_role("button", name="Save draft").click()
    expect(mia.get_by_text("somebody else saved this meanwhile")).to_be_visible()
    expect(mia.get_by_label(re.compile("own style"))).to_have_value("h1 { color: #333 }")
    expect(mia.locator(".theirs pre")).to_have_text("h1 { color: #222 }")
    mia.get_by_role("button", name="Save draft").click()
    expect(mia.get_by_text("Saved as a draft")).to_be_visible()


def test_the_keyboard_alone_publishes_and_rolls_back(tab, mia, without_browser):
    mia.sends(mia.opens(), light__paper="#ffffff")
    tab.goto("/console/themes")
    for words, key in (("Go on with the draft", "Enter"), ("Publish", "Enter")):
        reach(tab, words)
        with tab.expect_navigation():
            tab.keyboard.press(key)
    reach(tab, "Discard the draft")
    for _ in range(3):
        tab.keyboard.press("Shift+Tab")
    assert tab.evaluate("document.activeElement.id") == "note"
    tab.keyboard.type("By keyboard")
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("people see version 1")).to_be_visible(timeout=60_000)
    tab.goto("/console/themes")
    expect(tab.get_by_text("By keyboard").first).to_be_visible()
    for words in ("Roll back to this", "Show the shipped look"):
        reach(tab, words)
        with tab.expect_navigation():
            tab.keyboard.press("Enter")
    expect(tab.get_by_role("listitem").filter(has_text="The shipped look")).to_contain_text("people see this")


def reach(tab: Page, words: str) -> None:
    for _ in range(120):
        tab.keyboard.press("Tab")
        said, style, width = tab.evaluate(
            "() => { const at = document.activeElement, style = getComputedStyle(at);"
            " return [at.textContent.trim(), style.outlineStyle, parseFloat(style.outlineWidth)]; }"
        )
        if said.startswith(words):
            assert style == "solid"
            assert width >= 2
            return
    raise AssertionError(f"the keyboard does not reach {words!r}")


def test_without_a_script_everything_is_a_form(open_tab, mia, without_browser):
    tab = open_tab(java_script_enabled=False)
    tab.goto(HOME)
    tab.locator('[id="light.paper"]').fill("#ffe9c4")
    tab.get_by_label("Page", exact=True).select_option("done")
    tab.get_by_role("button", name="Show").click()
    expect(frame(tab).get_by_role("heading", level=1)).to_have_text("You are out")
    expect(tab.locator('[id="light.paper"]')).to_have_value("#ffe9c4")
    assert tab.locator("[type=color]:visible").count() == 0
    assert mia.draft() is None
    tab.get_by_role("button", name="Save draft").click()
    tab.get_by_role("link", name="Publish", exact=True).click()
    tab.get_by_label("Note for the history").fill("No script")
    tab.get_by_role("button", name="Publish", exact=True).click()
    expect(tab.get_by_text("people see version 1")).to_be_visible(timeout=60_000)


def test_axe_finds_nothing_and_nothing_overflows_in_light_and_dark(open_tab, mia):
    mia.stores({"theme.toml": b'[colours]\npaper = "#ffffff"\n'})
    mia.sends(mia.opens(), light__paper="#fffff0")
    for scheme in ("light", "dark"):
        tab = open_tab(color_scheme=scheme)
        for width in (1280, 320):
            tab.set_viewport_size({"width": width, "height": 800})
            for name, path in PAGES.items():
                tab.goto(path, wait_until="domcontentloaded")
                assert tab.evaluate("document.documentElement.scrollWidth") == width, (name, width)
                if width == 320 and scheme == "dark":
                    continue
                assert flaws(tab) == [], (name, scheme, width)
                assert tab.locator("h1").count() == 1
                assert tab.title().startswith(
                    tab.locator("h1").evaluate("(h) => h.firstChild.textContent.trim()")
                )


def test_no_number_of_the_contrasts_is_broken_on_a_phone(tab):
    tab.set_viewport_size({"width": 320, "height": 800})
    tab.goto(HOME)
    cells = tab.locator(".contrast td, .contrast thead th")
    lines = cells.evaluate_all(
        """(all) => all.map((cell) => {
            const range = document.createRange();
            range.selectNodeContents(cell);
            return new Set([...range.getClientRects()].map((box) => Math.round(box.bottom))).size;
        })"""
    )
    assert len(lines) > 10
    assert set(lines) <= {0, 1}


def test_axe_finds_nothing_where_something_is_wrong(tab, mia):
    tab.goto(HOME)
    tab.locator('[id="light.paper"]').fill("salmon")
    tab.locator('[id="sender.name"]').fill("Fern")
    tab.get_by_role("button", name="Save draft").click()
    expect(tab.get_by_text("Not saved. What you typed is all here")).to_be_visible()
    assert flaws(tab) == []


def test_what_is_not_saved_is_not_left_without_a_word(tab):
    tab.goto(HOME)
    tab.locator('[id="light.paper"]').fill("#ffffff")
    asked = []
    tab.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    tab.get_by_role("link", name="Style", exact=True).click()
    expect(tab.locator("h1")).to_contain_text("Look")
    assert asked == ["beforeunload"]


def test_when_the_session_is_over_it_says_so_once_and_asks_no_more(tab, mia):
    tab.goto(HOME)
    with mia.database.writing() as session:
        session.execute(delete(StaffSession))
        session.commit()
    asked = []
    tab.on("request", lambda request: asked.append(request.method) if request.method == "POST" else None)
    tab.locator('[id="light.paper"]').fill("#ffffff")
    expect(tab.locator("#unsaved")).to_contain_text("You are signed out")
    expect(tab.locator("#unsaved")).to_contain_text("is kept")
    tab.locator('[id="light.paper"]').fill("#fffff0")
    tab.wait_for_timeout(2_500)
    assert asked == ["POST"]
    tab.get_by_role("button", name="Save draft").click()
    expect(tab.locator("h1")).to_contain_text("Sign in")


def test_what_is_restored_is_not_saved_yet_and_not_left_without_a_word(tab):
    tab.goto(f"{HOME}/style")
    dialogs = []
    tab.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.accept()))
    own = tab.get_by_label(re.compile("own style"))
    own.fill("h1 { color: #222 }\nh2 { color: #222 }")
    tab.get_by_role("link", name="Publish", exact=True).click()
    expect(tab.locator("h1")).to_contain_text("Publish")
    tab.go_back()
    expect(own).to_have_value("h1 { color: #222 }\nh2 { color: #222 }")
    expect(tab.locator("#unsaved")).to_have_text("Not saved yet")
    tab.get_by_role("link", name="Publish", exact=True).click()
    expect(tab.locator("h1")).to_contain_text("Publish")
    assert dialogs == ["beforeunload", "beforeunload"]


def test_a_search_that_finds_no_text_says_so(tab):
    tab.goto(f"{HOME}/texts/en")
    tab.get_by_label("Search these texts").fill("walrus")
    expect(tab.get_by_text("No text says that.")).to_be_visible()
    tab.get_by_label("Search these texts").fill("emails")
    expect(tab.get_by_text("No text says that.")).to_be_hidden()
