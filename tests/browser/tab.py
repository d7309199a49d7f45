"""A browser as one person has it: a tab, the keyboard, and a note of all that was asked for or complained of."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Frame, Page, Request

NARROW, WIDE = 320, 1280
_SAID_WITH_A_STATUS = re.compile(
    r"Failed to load resource: the server responded with a status of 4(?:04|09|22) "
)
# What axe calls wrong, and what it could not decide: here it must be able to. A mail lies in a frame that runs no
# script, so it is looked at by itself.
_RUN = """async () => {
  const found = await axe.run({ iframes: false, rules: { "frame-tested": { enabled: false } } });
  return [...found.violations, ...found.incomplete].map((one) => [one.id, one.nodes[0].html]);
}"""
_FOCUSED = """() => {
  const at = document.activeElement, style = getComputedStyle(at);
  return [at.tagName, at.textContent.trim(), style.outlineStyle, parseFloat(style.outlineWidth)];
}"""


class Tab:
    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.asked: list[tuple[str, str]] = []
        self.complaints: list[str] = []
        context.on("request", self._note)
        context.on("page", self._watch)
        self.page = context.new_page()

    def goes_to(self, url: str) -> None:
        answer = self.page.goto(url)
        assert answer is not None

    def tabs_to(self, words: str, where: Frame | None = None) -> None:
        """The Tab key alone, until the focus is on what says `words`; it must be visible there."""
        frame = where or self.page.main_frame
        for _ in range(40):
            self.page.keyboard.press("Tab")
            tag, said, style, width = frame.evaluate(_FOCUSED)
            if said == words and tag in {"A", "BUTTON", "SUMMARY"}:
                assert style != "none", f"the focus on {words!r} cannot be seen"
                assert style == "auto" or width >= 2, f"the focus on {words!r} can hardly be seen"
                return
        raise AssertionError(f"the keyboard does not reach {words!r}")

    def clicks(self, button: str | None = None) -> None:
        """The button of that name, or the page's first: what the page is for stands before all that may be added."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button).first.click()

    def presses(self, words: str, key: str = "Enter") -> None:
        """Reaches a button or a link by keyboard, and presses it."""
        self.tabs_to(words)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def chooses_language(self, now: str, wanted: str) -> None:
        """By keyboard: the languages lie folded up under the name of the one that is shown."""
        self.tabs_to(now)
        self.page.keyboard.press("Enter")
        self.presses(wanted)

    def opens_from(self, frame: Frame, words: str) -> None:
        """The mail's link opens a tab of its own; that is where the person then is."""
        self.tabs_to(words, frame)
        with self.context.expect_page() as opening:
            self.page.keyboard.press("Enter")
        self.page = opening.value
        self.page.wait_for_load_state()

    def heading(self) -> str:
        return self.page.locator("h1").inner_text().strip()

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def overflows(self) -> bool:
        wide, room = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        return wide > room

    def axe(self) -> list[list[str]]:
        self.page.evaluate(f"{AXE_SCRIPT};undefined")
        found: list[list[str]] = self.page.evaluate(_RUN)
        return found

    def requests_to(self, origin: str) -> list[tuple[str, str]]:
        """Method and path of each request to one origin, in order."""
        return [(method, urlsplit(url).path) for method, url in self.asked if url.startswith(origin)]

    def _note(self, request: Request) -> None:
        if not request.url.startswith("data:"):
            self.asked.append((request.method, request.url))

    def _watch(self, page: Page) -> None:
        page.on("console", lambda said: self._hear(said.text))
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on(
            "requestfailed", lambda failed: self.complaints.append(f"failed: {failed.url} {failed.failure}")
        )

    def _hear(self, said: str) -> None:
        # A page that says what is wrong comes with such a status; that it is announced is no complaint about it.
        if not _SAID_WITH_A_STATUS.match(said):
            self.complaints.append(f"console: {said}")


@contextmanager
def opened(browser: Browser, *, width: int = WIDE, height: int = 800, **options: object) -> Iterator[Tab]:
    context = browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce", **options
    )
    tab = Tab(context)
    try:
        yield tab
        assert context.cookies() == [], "a cookie was set"
        assert tab.complaints == [], f"the browser complains: {tab.complaints}"
    finally:
        context.close()
