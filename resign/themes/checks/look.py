"""Every page as a browser shows it: axe finds nothing, nothing overflows, and what is to be pressed can be."""

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from resign.i18n import Catalogues
from resign.themes import css, manifest
from resign.themes.brand import Brand
from resign.themes.checks import understood
from resign.themes.checks.kept import LED, TOLD
from resign.themes.checks.skeleton import skeleton
from resign.themes.checks.sweep import swept
from resign.themes.contexts import Context, PageName
from resign.themes.fault import Fault
from resign.themes.page import Page
from resign.themes.samples import SAMPLES, sample
from resign.themes.source import Theme
from resign.themes.where import placed

NARROW, WIDE, HEIGHT = 320, 1280, 640
# Of phones, tablets and desks. What a theme asks for by width is looked at in each of its own ranges besides.
_WIDTHS = (NARROW, 390, 600, 768, 1024, WIDE, 1920)
_WIDEST = 3840
_LEAST = 200
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_WITH_ALL_SAMPLES: tuple[PageName, ...] = ("optout", "done", "out-telling-undo", "preferences")
_IN_EVERY_LANGUAGE: tuple[PageName, ...] = ("optout", "preferences", "done", "out-telling-undo", "lost-link")
# Where stopping comes first, how far down the first button may begin, in pixels.
_NEAR: dict[PageName, int] = {"optout": 1200, "preferences": 1200}
_OPTIONS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
)
# At which width and in which scheme, in whose words, and how many: what differs where the cause is one.
_PLACE = re.compile(r"^(?:(?:light|dark|under a mouse)?(?:, )?(?:\d+ pixels)?: )+|“[^”]*”|\d+")
_MILLISECONDS = 15_000
_MOST_TABS = 80
# Of axe's rules only these look at colours, so the dark scheme needs no other.
_COLOURS = ["color-contrast", "link-in-text-block"]
_AXE = """async (rules) => {
  for (const each of document.getAnimations()) each.finish();
  const found = await axe.run(document, {
    resultTypes: ["violations", "incomplete"],
    ...(rules ? {runOnly: rules} : {}),
  });
  return [...found.violations, ...found.incomplete].map((one) => [one.id, one.help, one.nodes[0].html.slice(0, 200)]);
}"""
# What is wrong with what must be seen. A button is asked for where its middle is, as a thumb would find it.
_SEEN = r"""({texts, links, near, sender}) => {
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
  const leading = (href) => [...document.querySelectorAll("a")].filter((a) => a.getAttribute("href") === href);
  for (const link of leading(sender))
    if (hidden(link)) wrong.push(["the sender's contact cannot be seen", "sender.href"]);
  for (const [name, href] of links)
    if (leading(href).every(hidden)) wrong.push([`the link to \`${name}\` cannot be seen`, name]);
  for (const [name, text] of texts) {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let seen = false;
    while (!seen && walker.nextNode()) {
      const around = walker.currentNode.parentElement;
      seen = walker.currentNode.data.includes(text) && !hidden(around)
        && parseFloat(getComputedStyle(around).fontSize) >= 10;
    }
    if (!seen) wrong.push([`\`${name}\` cannot be seen`, name]);
  }
  for (const link of document.querySelectorAll("a[hreflang]")) {
    const folded = link.closest("details:not([open])");
    if (!hidden((folded && folded.querySelector("summary")) || link)) continue;
    wrong.push(["the way to the other languages cannot be seen", "switcher"]);
    break;
  }
  for (const field of document.querySelectorAll("main form :is(input:not([type=hidden]), textarea, label)")) {
    const said = field.tagName === "LABEL" ? field.textContent.trim().slice(0, 60) : field.name;
    if (hidden(field)) wrong.push([`the ${field.tagName === "LABEL" ? "label" : "field"} “${said}” cannot be seen`, said]);
    else if (field.tagName === "LABEL" && parseFloat(getComputedStyle(field).fontSize) < 10)
      wrong.push([`the label “${said}” cannot be read`, said]);
  }
  for (const radio of document.querySelectorAll("main form input[type=radio]")) {
    const at = radio.getBoundingClientRect(), x = at.left + at.width / 2, y = at.top + at.height / 2;
    const away = (label) => {
      const box = label.getBoundingClientRect();
      return Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
    };
    const labels = [...document.querySelectorAll("main form label")].sort((a, b) => away(a) - away(b));
    if (labels.length && labels[0].htmlFor !== radio.id)
      wrong.push([`the choice “${radio.value}” stands beside another's label`, radio.value]);
  }
  const first = document.querySelector("main form button");
  if (near && first && first.getBoundingClientRect().top + scrollY > near)
    wrong.push([`the button begins more than ${near} pixels down`, "<form"]);
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
_HIDES = "Look for what hides or moves it in style.css."
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

    def look() -> list[Fault]:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - the same

        # Chromium refuses to confine itself for root; there is no script on a page, and nothing is fetched.
        options = [*_OPTIONS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=options)
            try:
                return list(looked(browser, AXE_SCRIPT, pages, theme, brand, catalogues, language))
            finally:
                browser.close()

    # Playwright refuses a thread that has a loop or another Playwright already.
    with ThreadPoolExecutor(max_workers=1) as thread:
        try:
            return thread.submit(look).result()
        except Error as error:
            said = str(error).partition("\n")[0][:200]
            return [
                _unlooked(f"the browser could not show a page: {said}", "Try again; else simplify the style.")
            ]


def looked(
    browser: Any,  # noqa: ANN401 - playwright is not always there
    axe: str,
    pages: Sequence[Page],
    theme: Theme,
    brand: Brand,
    catalogues: Catalogues,
    language: str,
) -> Iterator[Fault]:
    """The same in a window of a browser that runs already. `axe` is the script of that name."""
    shown = _to_show(pages, catalogues, language)
    chosen = {id(page) for page, _ in shown}
    # Of the other languages, where a style can tell a page from those that are shown.
    alike = {id(page): (page.name, skeleton(page.text)) for page in pages}
    known = {alike[each] for each in chosen}
    besides = list({alike[id(page)]: page for page in pages if alike[id(page)] not in known}.values())
    window = browser.new_context(
        viewport={"width": NARROW, "height": HEIGHT}, reduced_motion="reduce", offline=True
    )
    try:
        window.set_default_timeout(_MILLISECONDS)
        window.route("**/*", lambda route: route.abort())
        tab = window.new_page()
        yield from understood.faults(tab, theme.style)
        own = {width for width in css.widths(theme.style) if NARROW < width <= _WIDEST}
        for page, name in shown:
            context = sample(page.name, page.language, name, catalogues, brand)
            wanted = _wanted(page, context, brand)
            found = _in_tab(tab, axe, page.fill(context).decode(), wanted, ordinary=name == SAMPLES[0])
            for what, remedy, snippet in found:
                yield _fault(theme, page, what, remedy, snippet)
            if name == SAMPLES[0]:
                # What changes with the width is all in one style, so the pages that decide stand for the rest.
                across = {*_WIDTHS, *own} if page.name in _IN_EVERY_LANGUAGE else own
                for what, remedy, snippet in _across(tab, wanted, sorted(across)):
                    yield _fault(theme, page, what, remedy, snippet)
        for page in besides:
            context = sample(page.name, page.language, SAMPLES[0], catalogues, brand)
            tab.set_content(page.fill(context).decode(), wait_until="domcontentloaded")
            for what, remedy, snippet in _across(
                tab, _wanted(page, context, brand), (NARROW, WIDE), ("light",)
            ):
                yield _fault(theme, page, what, remedy, snippet)
        first = sorted(pages, key=lambda page: id(page) not in chosen)

        def asked(page: Page) -> dict[str, Any]:
            context = sample(page.name, page.language, SAMPLES[0], catalogues, brand)
            wanted = _wanted(page, context, brand)
            name = " ".join(brand.sender.name.split())
            return {
                "markup": page.fill(context).decode(),
                "sender": {"name": name, "href": brand.sender.href},
                "near": wanted["near"],
                "told": wanted["texts"],
            }

        for page, what, snippet in swept(
            window,
            first,
            asked,
            lambda page: alike[id(page)],
            _IN_EVERY_LANGUAGE,
            theme.style,
            {width for width in css.widths(theme.style) if _LEAST <= width <= _WIDEST},
        ):
            yield _fault(theme, page, what, _HIDES, snippet)
    finally:
        window.close()


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


def _wanted(page: Page, context: Context, brand: Brand) -> dict[str, Any]:
    """What `_SEEN` is asked with."""

    def filled(names: Iterable[str]) -> list[tuple[str, str]]:
        return [(name, getattr(context, name)) for name in names if f"{{{{{name}}}}}" in page.text]

    return {
        "texts": filled(TOLD),
        "links": filled(LED),
        "near": _NEAR.get(page.name, 0),
        "sender": brand.sender.href,
    }


def _across(
    tab: Any,  # noqa: ANN401 - playwright is not always there
    wanted: dict[str, Any],
    across: Iterable[int],
    schemes: Sequence[str] = ("light", "dark"),
) -> Iterator[tuple[str, str, str]]:
    """What can be seen at these widths, for a reader who has not asked for less to move."""
    for width in across:
        tab.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme in schemes:
            tab.emulate_media(color_scheme=scheme, reduced_motion="no-preference")
            for what, snippet in tab.evaluate(_SEEN, wanted):
                yield f"{scheme}, {width} pixels: {what}", _HIDES, snippet


def _in_tab(
    tab: Any, axe: str, filled: str, wanted: dict[str, Any], *, ordinary: bool  # noqa: ANN401 - playwright is not always there
) -> Iterator[tuple[str, str, str]]:  # fmt: skip
    tab.set_viewport_size({"width": NARROW, "height": HEIGHT})
    tab.emulate_media(color_scheme="light", reduced_motion="reduce")
    tab.set_content(filled, wait_until="domcontentloaded")
    if not tab.evaluate("typeof axe !== 'undefined'"):
        tab.evaluate(f"{axe};undefined")
    for scheme, rules in (("light", None), ("dark", _COLOURS)):
        tab.emulate_media(color_scheme=scheme)
        # Another person's values have the same colours, so the dark scheme is asked about once.
        for rule, said, html in tab.evaluate(_AXE, rules) if ordinary or rules is None else ():
            yield f"{scheme}: {said}", f"axe calls it `{rule}`: {html}", _text_of(html)
        for what, snippet in tab.evaluate(_SEEN, wanted):
            yield f"{scheme}, {NARROW} pixels: {what}", _HIDES, snippet
    yield from _with_keys(tab, wanted) if ordinary else ()
    tab.set_viewport_size({"width": WIDE, "height": HEIGHT})
    for what, snippet in tab.evaluate(_SEEN, wanted):
        yield f"{WIDE} pixels: {what}", _HIDES, snippet


def _with_keys(tab: Any, wanted: dict[str, Any]) -> Iterator[tuple[str, str, str]]:  # noqa: ANN401 - playwright is not always there
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
        for what, snippet in tab.evaluate(_SEEN, wanted):
            yield f"under a mouse: {what}", "Look for :hover in style.css.", snippet
        tab.mouse.move(0, 0)


def _fault(theme: Theme, page: Page, what: str, remedy: str, snippet: str) -> Fault:
    """Where no template says what is meant, the style is most likely to have done it."""
    where, line = placed(theme.templates, page.name, snippet)
    if line is None and theme.style:
        where = css.FILE
    elif where == page.name and (theme.colours or theme.dark):
        where = manifest.FILE
    return Fault(
        where=where, what=what, remedy=remedy, line=line, page=page.name, language=page.language,
        same=_PLACE.sub("", what),
    )  # fmt: skip


def _text_of(html: str) -> str:
    return html.partition(">")[2].partition("<")[0].strip()


def _unlooked(what: str, remedy: str) -> Fault:
    return Fault(where="the theme", what=what, remedy=remedy)
