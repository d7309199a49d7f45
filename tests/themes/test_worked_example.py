"""The theme that ships as an example is fit to be published, and its pages hold in every state, width, scheme and direction."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from resign import paths
from resign.i18n import Catalogues
from resign.themes import Brand, Page, Pages
from resign.themes.build import Built, build
from resign.themes.checks import check
from resign.themes.contexts import PAGE_NAMES, PageName
from resign.themes.samples import SAMPLES, sample
from resign.themes.source import ThemeSource
from tests.themes.conftest import BRANDS

SOURCE = ThemeSource.from_folder(paths.templates() / "themes" / "harbour")
LANGUAGES = ("en", "de", "ar")
SHOTS = Path(__file__).parents[2] / "var" / "shots"
PICTURED: dict[tuple[str, int], Literal["light", "dark"]] = {
    ("en", 320): "light", ("en", 1280): "dark", ("ar", 320): "dark", ("ar", 1280): "light"
}  # fmt: skip
# The width of the page, where the heading ends, and where it begins.
MEASURED = """() => {
  const heading = document.querySelector("h1").getBoundingClientRect();
  return [document.documentElement.scrollWidth, heading.bottom, heading.left];
}"""


@pytest.fixture(scope="module")
def brand() -> Brand:
    return BRANDS["fern"]


@pytest.fixture(scope="module")
def built(catalogues: Catalogues, brand: Brand) -> Built:
    return build(SOURCE, theme="fern@1", workspace="fern", brand=brand, catalogues=catalogues)


@pytest.fixture(scope="module")
def harbour(built: Built) -> dict[tuple[PageName, str], Page]:
    return {(page.name, page.language): page for page in built.pages}


def test_it_makes_every_page_in_every_language(built: Built, catalogues: Catalogues):
    assert built.faults == ()
    assert len(built.pages) == len(PAGE_NAMES) * len(catalogues.languages)


def test_it_looks_like_itself_and_does_what_the_shipped_pages_do(harbour, pages: Pages):
    page, shipped = harbour["optout", "en"], pages.page("optout", "en", "fern")
    assert "No more marketing emails" in page.text
    assert "data:image/png;base64," in page.text
    assert page.csp != shipped.csp
    for part in ('action="{{action}}"', 'name="page" value="{{page}}"', "Fjord &amp; Fern"):
        assert part in page.text, part
        assert part in shipped.text, part


@pytest.mark.browser
def test_it_may_be_published(built: Built, brand: Brand, catalogues: Catalogues):
    """All that is asked of a theme, in Chromium too: every page at 320 pixels, light and dark, from right to left."""
    assert check(built, SOURCE, brand, catalogues) == ()


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Tab]:
    context = browser.new_context(viewport={"width": 320, "height": 640}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGE_NAMES)
def test_nothing_overflows_and_the_heading_is_above_the_fold(
    tab: Tab, harbour, catalogues: Catalogues, brand: Brand, name: PageName, language: str
):
    """Light and dark differ in colours alone; that nothing is missing in either is looked at above.

    What is looked at is kept as a picture, at the width of a phone and of a desktop, light and dark, in English and
    from right to left.
    """
    for who in SAMPLES if name in {"optout", "done", "preferences"} else SAMPLES[:1]:
        tab.set_content(harbour[name, language].fill(sample(name, language, who, catalogues, brand)).decode())
        for width in (320, 390, 1280):
            tab.set_viewport_size({"width": width, "height": 640})
            wide, top, left = tab.evaluate(MEASURED)
            assert wide == width
            assert left >= 0
            assert top < 640
            if who == SAMPLES[0] and (language, width) in PICTURED:
                scheme = PICTURED[language, width]
                tab.emulate_media(color_scheme=scheme)
                tab.screenshot(
                    path=SHOTS / f"harbour-page-{name}-{language}-{width}-{scheme}.png", full_page=True
                )


@pytest.mark.browser
def test_its_button_is_pressed_by_keyboard_alone(tab: Tab, harbour, catalogues: Catalogues, brand: Brand):
    tab.set_viewport_size({"width": 320, "height": 640})
    tab.set_content(
        harbour["optout", "en"].fill(sample("optout", "en", "ordinary", catalogues, brand)).decode()
    )
    for _ in range(3):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.tagName") == "BUTTON":
            break
    assert tab.evaluate("document.activeElement.textContent") == "Stop sending me these"
