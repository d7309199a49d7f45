"""One running system and one browser; whatever a test looks at is also kept as a picture in `var/shots`."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.tab import Tab, opened
from tests.support.running import Running, running
from tests.themes.conftest import catalogues, example, world, world_pages

# Fixtures of another folder: the right-to-left pages.
__all__ = ["catalogues", "example", "world", "world_pages"]

SHOTS = Path(__file__).parents[2] / "var" / "shots"


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Running]:
    """Asks for the browser first: without one there is no need to start anything."""
    with running(tmp_path_factory.mktemp("browser"), "sandbox", "web", "worker") as system:
        yield system


@pytest.fixture
def open_tab(browser: Browser) -> Iterator[Callable[..., Tab]]:
    """Opens a browser of a person's own. At the end it has no cookie, and nothing went wrong in it."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(opened(browser, **options))


@pytest.fixture(scope="session")
def shots() -> Path:
    SHOTS.mkdir(parents=True, exist_ok=True)
    return SHOTS
