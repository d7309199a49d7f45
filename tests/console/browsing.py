"""A browser's tab on the console, as its tests open one: signed in, quiet, and without a flaw that axe would find."""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from tests.console.conftest import COOKIE

AXE = f"{AXE_SCRIPT};undefined"
# Frames run no script; the public pages within them have axe tests of their own. Of cells that a table has scrolled out
# of sight axe cannot judge the contrast: they look like those that are seen.
RUN = """async () => {
  const found = await axe.run({ iframes: false, rules: { "frame-tested": { enabled: false } } });
  const hidden = (node) => /^<t[dh]/.test(node.html) && node.any.length && node.any.every(
    (each) => ["elmPartiallyObscured", "shortTextContent"].includes(each.data?.messageKey),
  );
  return [...found.violations, ...found.incomplete].flatMap(
    (one) => one.nodes.filter((node) => !hidden(node)).map((node) => [one.id, node.html]),
  );
}"""
# Chromium says so of each answer that is to say what is wrong.
_ANSWERED = re.compile(r"status of (401|404|409|422)")


@pytest.fixture
def open_tab(browser: Browser, url: str) -> Iterator[Callable[..., Page]]:
    """At the end it has no cookie but the session's, and nothing went wrong in it."""
    contexts, complaints = [], []

    def open_one(**options) -> Page:
        context = browser.new_context(
            base_url=url, viewport={"width": 1280, "height": 900}, reduced_motion="reduce", **options
        )
        contexts.append(context)
        tab = context.new_page()
        tab.set_default_timeout(60_000)
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("console", lambda said: complaints.append(said.text))
        return tab

    yield open_one
    for context in contexts:
        assert [cookie["name"] for cookie in context.cookies()] == [COOKIE]
        context.close()
    assert not [said for said in complaints if not _ANSWERED.search(said)]


@pytest.fixture
def tab(open_tab: Callable[..., Page]) -> Page:
    return open_tab()


def flaws(tab: Page) -> list[list[str]]:
    """What axe finds on the page as it stands: each rule, with the first element that breaks it."""
    # Until its styles are there too, a page has other colours.
    tab.wait_for_load_state()
    tab.evaluate(AXE)
    found: list[list[str]] = tab.evaluate(RUN)
    return found
