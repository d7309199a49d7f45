"""What only a browser sees: a style that hides, covers, shrinks or moves what must be pressed."""

from collections.abc import Callable

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser

from resign.i18n import Catalogues
from resign.themes import Brand
from resign.themes.build import Built, build
from resign.themes.checks import check, look
from resign.themes.once import once
from resign.themes.source import ThemeSource, read
from tests.support.picture import address, drawn
from tests.themes.untrusted.conftest import theme_of

pytestmark = pytest.mark.browser


def test_an_untouched_theme_passes(browser: Browser, catalogues: Catalogues, brand: Brand):
    """In the one language; the worked example stands on the same pages, and is looked at from right to left too."""
    source = ThemeSource({})
    built = build(
        source, theme="fern@1", workspace="fern", brand=brand, catalogues=catalogues, languages=("en",)
    )
    assert check(built, source, brand, catalogues) == ()


@pytest.mark.parametrize(
    ("style", "what"),
    [
        ("button { display: none }", "“Stop these emails” cannot be seen"),
        ("button { visibility: hidden }", "“Stop these emails” cannot be seen"),
        ("main form { opacity: 0.1 }", "“Stop these emails” cannot be seen"),
        ("button { clip-path: inset(50%) }", "“Stop these emails” cannot be seen"),
        ("button { filter: opacity(0) }", "“Stop these emails” cannot be seen"),
        ("form { position: absolute; inset-inline-start: -9999px }", "“Stop these emails” cannot be seen"),
        ("button { transform: scale(0) }", "“Stop these emails” cannot be seen"),
        (
            "main::after { content: ''; position: fixed; inset: 0; z-index: 9 }",
            "is covered or cannot be pressed",
        ),
        (
            "button { min-block-size: 0; block-size: 10px; padding: 0; line-height: 10px; overflow: hidden }",
            "smaller than 24",
        ),
        ("button { font-size: 1px }", "cannot be read"),
        ("button { text-indent: -9999px; overflow: hidden }", "cannot be read"),
        ("main { min-inline-size: 40rem }", "pixels wide where there are 320"),
        ("@media (prefers-color-scheme: dark) { button { display: none } }", "dark, 320 pixels: the button"),
        ("@media (min-width: 40rem) { button { display: none } }", "1280 pixels: the button"),
        ("button:hover { visibility: hidden }", "under a mouse: the button"),
        ("button:focus-visible { outline: none }", "does not show that the keyboard is on it"),
        ("h1 { display: none }", "the heading cannot be seen"),
        ("footer { display: none }", "the sender's contact cannot be seen"),
        (".lede { color: #e8e8e0 }", "light: Elements must meet minimum color contrast"),
        (
            "@media (prefers-color-scheme: dark) { .lede { color: #222 } }",
            "dark: Elements must meet minimum color contrast",
        ),
    ],
)
def test_a_style_that_takes_something_away_is_seen(looked: Callable, style: str, what: str):
    assert any(what in said for said in looked({"style.css": style}))


@pytest.mark.parametrize(
    ("page", "style", "what"),
    [
        (
            "optout",
            "@media (min-width: 321px) and (max-width: 389px) { main form { display: none } }",
            "light, 321 pixels: the button",
        ),
        (
            "optout",
            "@media (prefers-color-scheme: dark) and (min-width: 1921px) { main form { display: none } }",
            "dark, 1921 pixels: the button",
        ),
        ("optout", "main form { margin-top: 30000px }", "the button begins more than 1200 pixels down"),
        ("optout", "header nav { display: none }", "the way to the other languages cannot be seen"),
        ("preferences", "[type=radio] { display: none }", "the field “to.newsletter” cannot be seen"),
        ("preferences", ".choice label { font-size: 1px }", "“Yes, send me these” cannot be read"),
        (
            "preferences",
            ".choice label { translate: 0 3rem } .choice + .choice label { translate: 0 -3rem }",
            "the choice “on” stands beside another's label",
        ),
        ("done", ".steps { display: none }", "`recorded_at` cannot be seen"),
        ("done", ".steps { display: none }", "`reference` cannot be seen"),
        ("done", ".keep { display: none }", "the link to `record` cannot be seen"),
    ],
)
def test_what_decides_and_what_is_kept_can_be_seen(looked: Callable, page: str, style: str, what: str):
    assert any(what in said for said in looked({"style.css": style}, pages=(page,)))


def test_what_the_browser_does_not_know_is_named_with_its_line(
    browser: Browser, build_of: Callable[..., Built], catalogues: Catalogues, brand: Brand
):
    style = "p { --own: x; color: red }\np { colour: red }\n@media print { p { color: rde; font: } }\n"
    files = {"style.css": style}
    found = look.looked(
        browser, AXE_SCRIPT, build_of(files).pages, read(theme_of(files)), brand, catalogues, "en"
    )
    told = [(fault.where, fault.line, fault.what, fault.remedy) for fault in found]
    assert told[:3] == [
        ("style.css", 2, "the browser knows no property `colour`", "Did you mean `color`?"),
        (
            "style.css",
            3,
            "the browser does not understand `color: rde`",
            "Look up how the value is written, or take it out.",
        ),
        (
            "style.css",
            3,
            "the browser does not understand `font: `",
            "Look up how the value is written, or take it out.",
        ),
    ]


@pytest.mark.parametrize(
    ("files", "where", "line"),
    [
        ({"style.css": "button { display: none }"}, "style.css", None),
        (
            {
                "templates/layout.html": '{% extends "~/public/layout.html" %}',
                "style.css": "footer { display: none }",
            },
            "style.css",
            None,
        ),
    ],
)
def test_what_shows_at_many_widths_and_in_many_languages_is_one_fault_of_the_style(
    browser: Browser,
    build_of: Callable[..., Built],
    catalogues: Catalogues,
    brand: Brand,
    files: dict[str, str | bytes],
    where: str,
    line: int | None,
):
    built = build_of(files, pages=("optout", "done"), languages=("pl", "en"))
    found = once(
        look.looked(browser, AXE_SCRIPT, built.pages, read(theme_of(files)), brand, catalogues, "pl")
    )
    assert {(fault.where, fault.line, fault.language) for fault in found} == {(where, line, "pl")}
    assert len({fault.same for fault in found}) == len(found) < 7
    assert found[0].what.startswith("light, 320 pixels: ")
    assert found[0].more > 10


def test_many_unknown_properties_stay_few_faults(looked: Callable):
    style = "a{" + "".join(f"b{number}:c;" for number in range(2000)) + "}"
    assert len(looked({"style.css": style})) <= 60


def test_a_page_that_hides_its_button_in_one_language_only_is_seen(looked: Callable):
    own = '{% extends "~/public/layout.html" %}{% block sign %}<p class="{{ language }}">.</p>{% endblock %}'
    style = ".de ~ form { display: none }"
    assert any(
        "the button" in said
        for said in looked({"templates/layout.html": own, "style.css": style}, languages=("en", "de"))
    )


def test_a_page_that_is_too_wide_for_a_long_address_only_is_seen(looked: Callable):
    own = {"style.css": ".lede bdi { white-space: nowrap; overflow-wrap: normal }"}
    assert not looked(own)
    assert any("pixels wide where there are 320" in said for said in looked(own, everybody=True))


def test_what_axe_finds_is_told(looked: Callable):
    own = '{% extends "~/public/optout.html" %}{% block sign %}<img src="PICTURE">{% endblock %}'.replace(
        "PICTURE", address(drawn())
    )
    assert any("alternative text" in said for said in looked({"templates/optout.html": own}))


def test_without_a_browser_nothing_is_published_and_the_remedy_is_named(
    monkeypatch: pytest.MonkeyPatch, build_of: Callable[..., Built], catalogues: Catalogues, brand: Brand
):
    monkeypatch.setattr(look.shutil, "which", lambda _: None)
    [fault] = check(build_of({}), ThemeSource({}), brand, catalogues)
    assert fault.remedy == "apt-get install chromium"
