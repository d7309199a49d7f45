"""Every page as a browser shows it: axe finds nothing, nothing overflows, and what is to be pressed can be."""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from resign.i18n import Catalogues
from resign.themes.brand import Brand
from resign.themes.contexts import PageName
from resign.themes.fault import Fault
from resign.themes.page import Page
from resign.themes.samples import SAMPLES, sample
from resign.themes.source import Theme
from resign.themes.where import placed

NARROW, WIDE, HEIGHT = 320, 1280, 640
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_WITH_ALL_SAMPLES: tuple[PageName, ...] = ("optout", "done", "out-telling-undo", "preferences")
_OPTIONS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
)
_MILLISECONDS = 15_000
_MOST_TABS = 80
# Of axe's rules only these look at colours, so the dark scheme needs no other.
_COLOURS = ["color-contrast", "link-in-text-block"]
_AXE = """async (rules) => {
  const found = await axe.run(document, {
    resultTypes: ["violations", "incomplete"],
    ...(rules ? {runOnly: rules} : {}),
  });
  return [...found.violations, ...found.incomplete].map((one) => [one.id, one.help, one.nodes[0].html.slice(0, 200)]);
}"""
# What is wrong with what must be seen. A button is asked for where its middle is, as a thumb would find it.
_SEEN = """() => {
  const wrong = [];
  const plain = {checkOpacity: true, checkVisibilityCSS: true, contentVisibilityAuto: true};
  const hidden = (element) => {
    const box = element.getBoundingClientRect();
    if (!element.checkVisibility(plain) || box.width < 2 || box.height < 2) return true;
    let opacity = 1;
    for (let each = element; each; each = each.parentElement) {
      const style = getComputedStyle(each);
      opacity *= parseFloat(style.opacity);
      if (style.clipPath !== "none" || style.filter !== "none" || (style.maskImage || "none") !== "none") return true;
    }
    return opacity < 0.9 || box.right <= 0 || box.left >= innerWidth || box.bottom + scrollY <= 0;
  };
  for (const [name, css] of [["heading", "h1"], ["main part", "main"], ["header", "header:has(*)"]])
    for (const element of document.querySelectorAll(css)) if (hidden(element)) wrong.push([`the ${name} cannot be seen`, css]);
  for (const link of document.querySelectorAll("a[data-sender]"))
    if (hidden(link)) wrong.push(["the sender's contact cannot be seen", "sender.href"]);
  for (const button of document.querySelectorAll("main form button")) {
    const said = button.textContent.trim().slice(0, 60);
    button.scrollIntoView({block: "center", behavior: "instant"});
    const box = button.getBoundingClientRect();
    const style = getComputedStyle(button);
    const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (hidden(button)) wrong.push([`the button “${said}” cannot be seen`, said]);
    else if (!there || !(button === there || button.contains(there)))
      wrong.push([`the button “${said}” is covered or cannot be pressed`, said]);
    else if (box.width < 24 || box.height < 24) wrong.push([`the button “${said}” is smaller than 24 pixels`, said]);
    else if (parseFloat(style.fontSize) < 12 || Math.abs(parseFloat(style.textIndent)) > box.width)
      wrong.push([`what the button “${said}” says cannot be read`, said]);
  }
  const wide = Math.max(document.documentElement.scrollWidth, document.body.scrollWidth);
  if (wide > innerWidth) wrong.push([`the page is ${wide} pixels wide where there are ${innerWidth}`, ""]);
  scrollTo({top: 0, behavior: "instant"});
  return wrong;
}"""
_FOCUSED = """() => {
  const it = document.activeElement, style = getComputedStyle(it);
  const plain = style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 1;
  return [it === document.querySelector("main form button"), plain && style.boxShadow === "none"];
}"""


def faults(
    pages: Sequence[Page], theme: Theme, brand: Brand, catalogues: Catalogues, language: str
) -> list[Fault]:
    """In `language` and in one from right to left; some pages with every sample. Takes half a minute or so."""
    try:
        from axe_playwright_python.base import AXE_SCRIPT  # noqa: PLC0415 - only who publishes themes needs it
        from playwright.sync_api import Error  # noqa: PLC0415 - the same
    except ImportError:
        return [_unlooked("the library that looks at pages is missing", "pip install resign[check]")]
    chromium = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if chromium is None:
        return [_unlooked("there is no browser to look at the pages with", "apt-get install chromium")]
    shown = _to_show(pages, catalogues, language)

    def look() -> list[Fault]:
        return list(_looked(chromium, AXE_SCRIPT, shown, theme, brand, catalogues))

    # Playwright refuses a thread that has a loop or another Playwright already.
    with ThreadPoolExecutor(max_workers=1) as thread:
        try:
            return thread.submit(look).result()
        except Error as error:
            said = str(error).partition("\n")[0][:200]
            return [
                _unlooked(f"the browser could not show a page: {said}", "Try again; else simplify the style.")
            ]


def _to_show(pages: Sequence[Page], catalogues: Catalogues, language: str) -> list[tuple[Page, str]]:
    languages = list(dict.fromkeys(page.language for page in pages))
    chosen = {language} if language in languages else set(languages[:1])
    chosen |= set([tag for tag in languages if catalogues.direction(tag) == "rtl"][:1])
    return [
        (page, name)
        for page in pages
        if page.language in chosen
        for name in (SAMPLES if page.name in _WITH_ALL_SAMPLES else SAMPLES[:1])
    ]


def _looked(
    chromium: str,
    axe: str,
    shown: Iterable[tuple[Page, str]],
    theme: Theme,
    brand: Brand,
    catalogues: Catalogues,
) -> Iterator[Fault]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only who publishes themes needs it

    # Chromium refuses to confine itself for root; there is no script on a page, and nothing is fetched.
    options = [*_OPTIONS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=options)
        try:
            context = browser.new_context(
                viewport={"width": NARROW, "height": HEIGHT}, reduced_motion="reduce", offline=True
            )
            context.set_default_timeout(_MILLISECONDS)
            context.route("**/*", lambda route: route.abort())
            tab = context.new_page()
            for page, name in shown:
                filled = page.fill(sample(page.name, page.language, name, catalogues, brand)).decode()
                for what, remedy, snippet in _in_tab(tab, axe, filled, brand, ordinary=name == SAMPLES[0]):
                    yield _fault(theme, page, what, remedy, snippet)
        finally:
            browser.close()


def _in_tab(
    tab: Any, axe: str, filled: str, brand: Brand, *, ordinary: bool  # noqa: ANN401 - playwright is not always there
) -> Iterator[tuple[str, str, str]]:  # fmt: skip
    tab.set_viewport_size({"width": NARROW, "height": HEIGHT})
    tab.emulate_media(color_scheme="light")
    tab.set_content(filled, wait_until="domcontentloaded")
    if not tab.evaluate("typeof axe !== 'undefined'"):
        tab.evaluate(f"{axe};undefined")
    mark = "(href) => document.querySelectorAll('a').forEach((a) => a.toggleAttribute('data-sender', a.getAttribute('href') === href))"
    for scheme, rules in (("light", None), ("dark", _COLOURS)):
        tab.emulate_media(color_scheme=scheme)
        # Another person's values have the same colours, so the dark scheme is asked about once.
        for rule, said, html in tab.evaluate(_AXE, rules) if ordinary or rules is None else ():
            yield f"{scheme}: {said}", f"axe calls it `{rule}`: {html}", _text_of(html)
        tab.evaluate(mark, brand.sender.href)
        for what, snippet in tab.evaluate(_SEEN):
            yield (
                f"{scheme}, {NARROW} pixels: {what}",
                "Look for what hides or moves it in style.css.",
                snippet,
            )
    yield from _with_keys(tab) if ordinary else ()
    tab.set_viewport_size({"width": WIDE, "height": HEIGHT})
    for what, snippet in tab.evaluate(_SEEN):
        yield f"{WIDE} pixels: {what}", "Look for what hides or moves it in style.css.", snippet


def _with_keys(tab: Any) -> Iterator[tuple[str, str, str]]:  # noqa: ANN401 - playwright is not always there
    """The main button is reached by Tab, shows that it is, and stays when a mouse comes near."""
    if not tab.evaluate("!!document.querySelector('main form button')"):
        return
    for _ in range(_MOST_TABS):
        tab.keyboard.press("Tab")
        reached, plain = tab.evaluate(_FOCUSED)
        if reached:
            if plain:
                yield (
                    "the button does not show that the keyboard is on it",
                    "Leave :focus-visible as shipped.",
                    "outline",
                )
            break
    else:
        yield "the keyboard does not reach the button", "Look for what hides it in style.css.", ""
    box = tab.locator("main form button").first.bounding_box()
    if box:
        tab.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        for what, snippet in tab.evaluate(_SEEN):
            yield f"under a mouse: {what}", "Look for :hover in style.css.", snippet
        tab.mouse.move(0, 0)


def _fault(theme: Theme, page: Page, what: str, remedy: str, snippet: str) -> Fault:
    where, line = placed(theme.templates, page.name, snippet)
    return Fault(where=where, what=what, remedy=remedy, line=line, page=page.name, language=page.language)


def _text_of(html: str) -> str:
    return html.partition(">")[2].partition("<")[0].strip()


def _unlooked(what: str, remedy: str) -> Fault:
    return Fault(where="the theme", what=what, remedy=remedy)
