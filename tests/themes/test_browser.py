"""The pages as a browser shows them: axe finds nothing, nothing overflows, nothing else is asked for."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Route, expect
from playwright.sync_api import Page as Tab

from resign.i18n import Catalogues
from resign.themes import Page, Pages
from resign.themes.contexts import CONTEXTS, PAGE_NAMES, Linked, PageName

pytestmark = pytest.mark.browser

HOME = "http://optout.example"
NARROW, WIDE = 320, 1280
# Of axe's rules only these look at colours, so the dark scheme needs no other.
RULES = {"light": None, "dark": ["color-contrast", "link-in-text-block"]}
AXE = f"{AXE_SCRIPT};undefined"
# What axe calls wrong, and what it could not decide: here it must be able to.
RUN = """async (rules) => {
  const found = await axe.run(rules ? { runOnly: rules } : {});
  const name = (one) => [one.id, one.nodes[0].html];
  return {
    complaints: [...found.violations, ...found.incomplete].map(name),
    passed: found.passes.map((one) => one.id),
  };
}"""
LANGUAGES = Catalogues().languages
# The words of headings that stand on more than one line; a hyphen may end a line.
BROKEN = r"""(headings) => headings.flatMap((heading) => {
  const place = document.querySelector("h1");
  place.innerHTML = heading;
  const text = place.firstChild;
  return [...text.data.matchAll(/[^\s-]+/g)].filter((word) => {
    const range = document.createRange();
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return range.getClientRects().length > 1;
  }).map((word) => word[0]);
})"""
LONG = "w•••@" + "a-very-long-department.of-an-international-holding." * 2 + "example.com"


@contextmanager
def tab(browser: Browser, *, width: int = NARROW, **options: object) -> Iterator[Tab]:
    context = browser.new_context(viewport={"width": width, "height": 640}, **options)
    try:
        yield context.new_page()
    finally:
        context.close()


def show(tab: Tab, page: Page, body: bytes) -> list[str]:
    """Serves the page under its own policy; answers what was asked for besides, or refused by the policy."""
    others: list[str] = []

    def answer(route: Route) -> None:
        if route.request.url != f"{HOME}/":
            others.append(route.request.url)
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": page.csp}
        route.fulfill(body=body, headers=headers)

    tab.unroute_all()
    tab.route("**/*", answer)
    tab.once("console", lambda said: others.append(said.text))
    tab.goto(f"{HOME}/")
    return others


@pytest.fixture(scope="module")
def calm(browser: Browser) -> Iterator[Tab]:
    """One tab for all of axe's pages. Without motion, a colour is what it is at once when the scheme is switched."""
    with tab(browser, reduced_motion="reduce") as shown:
        yield shown


@pytest.mark.parametrize("language", ["en", "pl", "ar"])
@pytest.mark.parametrize("name", PAGE_NAMES)
def test_axe_finds_nothing(calm: Tab, world_pages: Pages, example: Callable, name: PageName, language: str):
    page = world_pages.page(name, language, "fern")
    assert show(calm, page, page.fill(example(page))) == []
    calm.evaluate(AXE)
    for width in (NARROW, WIDE):
        calm.set_viewport_size({"width": width, "height": 640})
        for scheme, rules in RULES.items():
            calm.emulate_media(color_scheme=scheme)
            found = calm.evaluate(RUN, rules)
            assert found["complaints"] == [], (width, scheme)
            assert "color-contrast" in found["passed"]


def test_axe_would_find_something(browser: Browser, world_pages: Pages, example: Callable):
    page = world_pages.page("optout", "en", "fern")
    good = page.fill(example(page)).decode()
    with tab(browser) as shown:
        for words, instead, rule in (
            ("--soft: #535c57", "--soft: #c9cec9", "color-contrast"),
            (' lang="en"', "", "html-has-lang"),
            ("Stop these emails</button>", "</button>", "button-name"),
        ):
            assert words in good
            shown.set_content(good.replace(words, instead, 1))
            shown.evaluate(AXE)
            assert rule in dict(shown.evaluate(RUN, None)["complaints"])


@pytest.mark.parametrize("language", ["en", "pl", "ar"])
def test_long_names_and_addresses_do_not_overflow_the_narrowest_screen(
    browser: Browser, world_pages: Pages, example: Callable, language: str
):
    """320 pixels are also what is left of 1280 at 400 % zoom (WCAG 2.2, 1.4.10)."""
    with tab(browser) as shown:
        for name in PAGE_NAMES:
            for workspace in ("long",) if issubclass(CONTEXTS[name], Linked) else ("long", None):
                page = world_pages.page(name, language, workspace)
                asks = {field: LONG for field in ("masked", "email") if f"{{{{{field}}}}}" in page.text}
                show(shown, page, page.fill(example(page, **asks)))
                assert shown.evaluate("document.documentElement.scrollWidth") == NARROW, (name, workspace)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_heading_is_broken_on_the_narrowest_screen(
    calm: Tab, pages: Pages, example: Callable, language: str
):
    page = pages.page("optout", language, "fern")
    headings = {
        re.search(r"<h1>(.*?)</h1>", pages.page(name, language, "fern").text, re.DOTALL)[1]
        for name in PAGE_NAMES
    }
    show(calm, page, page.fill(example(page)))
    calm.set_viewport_size({"width": NARROW, "height": 640})
    assert calm.evaluate(BROKEN, sorted(headings)) == []
    assert calm.evaluate(BROKEN, ["Donaudampfschifffahrtsgesellschaft"]) != []


def test_targets_are_large_enough_for_a_thumb(browser: Browser, world_pages: Pages, example: Callable):
    with tab(browser) as shown:
        for name in PAGE_NAMES:
            page = world_pages.page(name, "pl", "fern")
            show(shown, page, page.fill(example(page)))
            for target in shown.locator("button, [type=email], nav a, .ways a, .senders a").all():
                box = target.bounding_box()
                assert box
                assert box["height"] >= 44, (name, target)
                assert box["width"] >= 44, (name, target)


def test_the_button_is_on_the_first_screen_of_a_small_phone(
    browser: Browser, world_pages: Pages, example: Callable
):
    with tab(browser) as shown:
        for language in ("en", "pl", "ar"):
            page = world_pages.page("optout", language, "fern")
            show(shown, page, page.fill(example(page)))
            # The strong one is the first: a break is offered below it.
            box = shown.get_by_role("button").first.bounding_box()
            assert box
            assert box["y"] + box["height"] <= 568


def test_the_keyboard_alone_reaches_the_button_and_shows_where_it_is(
    browser: Browser, world_pages: Pages, example: Callable
):
    page = world_pages.page("optout", "en", "fern")
    with tab(browser, java_script_enabled=True) as shown:
        show(shown, page, page.fill(example(page)))
        shown.keyboard.press("Tab")
        shown.keyboard.press("Tab")
        shown.keyboard.press("Tab")
        focused = "getComputedStyle(document.activeElement)"
        assert shown.evaluate("document.activeElement.textContent") == "Stop these emails"
        assert shown.evaluate(f"{focused}.outlineStyle") == "solid"
        assert shown.evaluate(f"{focused}.outlineWidth") == "3px"


def test_the_press_sends_the_page_and_the_language_and_nothing_else(
    browser: Browser, world_pages: Pages, example: Callable
):
    page = world_pages.page("optout", "pl", "fern")
    with tab(browser, java_script_enabled=False) as shown:
        show(shown, page, page.fill(example(page)))
        with shown.expect_request("**/u/**") as sent:
            shown.get_by_role("button", name="Wypisz mnie z listy").click()
        assert sent.value.method == "POST"
        assert sent.value.url == f"{HOME}/u/AbC-123?c=spring"
        assert sent.value.post_data == f"page={page.digest}&l=pl"
        assert sent.value.headers["content-type"] == "application/x-www-form-urlencoded"


def test_the_form_sends_what_was_typed_and_the_language_and_nothing_else(
    browser: Browser, world_pages: Pages, example: Callable
):
    page = world_pages.page("lost-link-wrong", "pl", "fern")
    with tab(browser, java_script_enabled=False) as shown:
        show(shown, page, page.fill(example(page)))
        field = shown.get_by_label("Adres e-mail")
        assert field.input_value() == "anna@example"
        assert field.evaluate("(field) => field === document.activeElement")
        field.fill("Anna@example.com")
        with shown.expect_request("**/u/") as sent:
            field.press("Enter")
        assert sent.value.method == "POST"
        assert sent.value.url == f"{HOME}/u/"
        assert sent.value.post_data == "l=pl&email=Anna%40example.com"


def test_what_is_wrong_is_read_out_with_the_field(browser: Browser, world_pages: Pages, example: Callable):
    page = world_pages.page("lost-link-wrong", "en", "fern")
    with tab(browser) as shown:
        show(shown, page, page.fill(example(page)))
        field = shown.get_by_role("textbox", name="Your email address")
        expect(field).to_have_accessible_description(
            "This is not an email address yet. It looks like name@example.com."
        )


def test_from_right_to_left_the_page_is_mirrored(browser: Browser, world_pages: Pages, example: Callable):
    page = world_pages.page("done", "ar", "fern")
    with tab(browser, width=WIDE) as shown:
        show(shown, page, page.fill(example(page)))
        sign = shown.locator(".steps svg").first.bounding_box()
        words = shown.locator(".steps .strong").first.bounding_box()
        assert sign
        assert words
        assert sign["x"] > words["x"]


def test_on_paper_there_is_what_is_true_and_nothing_to_press(
    browser: Browser, world_pages: Pages, example: Callable
):
    page = world_pages.page("done", "en", "fern")
    with tab(browser, color_scheme="dark") as shown:
        show(shown, page, page.fill(example(page)))
        shown.emulate_media(media="print")
        assert shown.get_by_role("button").count() == 0
        assert shown.get_by_role("navigation").count() == 0
        assert shown.get_by_text("7K3M-9QXA").is_visible()
        assert shown.get_by_text("hello@fjordfern.example").is_visible()
        assert shown.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def test_forced_colours_leave_every_button_an_edge(browser: Browser, world_pages: Pages, example: Callable):
    page = world_pages.page("out-telling-undo", "en", "fern")
    with tab(browser, forced_colors="active") as shown:
        show(shown, page, page.fill(example(page)))
        for button in shown.get_by_role("button").all():
            style = button.evaluate(
                "(b) => [getComputedStyle(b).borderTopWidth, getComputedStyle(b).borderTopColor]"
            )
            assert style[0] == "2px"
            assert style[1] != "rgba(0, 0, 0, 0)"
