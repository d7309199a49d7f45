"""Every page that people can get to by pressing, as the running system shows it in a theme of another look altogether."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from resign import paths
from resign.app import brand_of
from resign.clock import SystemClock
from resign.i18n import Catalogues
from resign.themes.publishing import Prepared, prepare_again, put
from resign.themes.source import ThemeSource
from resign.themes.versions import add
from tests.browser.tab import NARROW, WIDE
from tests.browser.ways import WAYS
from tests.support.running import Running, running

pytestmark = pytest.mark.browser

# What the theme says in words of its own.
OWN = {"Stop marketing emails": "No more marketing emails", "You are out": "Done. You are out"}
LOOKS = (("light", NARROW), ("dark", NARROW), ("dark", WIDE))


@pytest.fixture(scope="module")
def dressed(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Running]:
    # Of two web processes one may still wear the shipped look when the other does not.
    with running(
        tmp_path_factory.mktemp("theme"), "sandbox", "web", "worker", RESIGN_WEB_WORKERS="1"
    ) as system:
        put_on(system, ThemeSource.from_folder(paths.templates() / "themes" / "harbour"))
        page = f"{system.url}{system.somebody().path}"
        system.until(lambda: OWN["Stop marketing emails"] in read(page), "the theme is put on")
        yield system


def put_on(system: Running, source: ThemeSource) -> None:
    """That it may be published is shown elsewhere, and takes a minute."""
    brand, now = brand_of(system.settings.workspaces["default"]), SystemClock().now()
    with system.database.writing() as session:
        version = add(session, "default", source, "", "kim", now)
        session.commit()
    prepared = prepare_again(source, version, brand, Catalogues())
    assert isinstance(prepared, Prepared)
    with system.database.writing() as session:
        put(session, "default", prepared, author="kim", note="", now=now)
        session.commit()


def read(page: str) -> str:
    return httpx.get(page, trust_env=False).text


@pytest.mark.parametrize("name", WAYS)
def test_a_page_is_sound_in_another_look(dressed: Running, open_tab, shots: Path, name: str):
    way, heading = WAYS[name]
    tab = open_tab(width=NARROW)
    way(tab, dressed.somebody())
    assert tab.heading() == OWN.get(heading, heading)
    assert tab.page.locator("header img").count() == 1, "this is the theme's page, and no other stands in"
    for scheme, width in LOOKS:
        tab.page.emulate_media(color_scheme=scheme)
        tab.page.set_viewport_size({"width": width, "height": 800})
        assert not tab.overflows(), (scheme, width)
        tab.page.screenshot(path=shots / f"harbour-{name}-{width}-{scheme}.png", full_page=True)
    assert tab.axe() == []
    assert all(url.startswith(dressed.url) for _, url in tab.asked)


def test_what_was_pressed_in_a_theme_names_its_version_and_is_shown_again(dressed: Running, open_tab):
    """C1, C2: to the byte, once the person's link is put back in."""
    anna = dressed.somebody()
    shown = read(f"{dressed.url}{anna.path}")
    tab = open_tab(width=NARROW)
    WAYS["done"][0](tab, anna)
    [[page, digest]] = dressed.rows(
        "SELECT page, shown FROM decisions WHERE identifier = :email", email=anna.email
    )
    assert page == "default@1/optout"
    assert f'name="page" value="{digest}"' in shown
