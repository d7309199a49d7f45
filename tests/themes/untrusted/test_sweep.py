"""Tricks that took the button away at a size, in a language or under a hand at which nobody looked. None passes."""

from collections.abc import Callable

import pytest

from resign.themes.checks.skeleton import skeleton

pytestmark = pytest.mark.browser

OPTOUT = '{% extends "~/public/optout.html" %}'
LAYOUT = '{% extends "~/public/layout.html" %}'
MARKED = f'{LAYOUT}{{% block sign %}}<p class="{{{{ language }}}}">.</p>{{% endblock %}}'
HOLLOW = "polygon(0 0,49% 0,49% 100%,51% 100%,51% 0,100% 0,100% 100%,0 100%)"


def button(inside: str, around: tuple[str, str] = ("", "")) -> str:
    """The shipped page with another button."""
    form = (
        '<form method="post" action="{{ action }}">{{ fragments.hidden() }}<button type="submit">'
        f"{inside}</button></form>"
    )
    rest = "{{ fragments.stops() }}{{ fragments.pausing() }}{{ fragments.choosing() }}"
    return f"{OPTOUT}{{% block content %}}{around[0]}{form}{around[1]}{rest}{{% endblock %}}"


WORDS = '{{ gettext("Stop these emails") }}'
SPAN = button(f'<span class="x">{WORDS}</span>')


@pytest.mark.parametrize(
    ("style", "what"),
    [
        ("@media (min-width: 321px) { main form button { color: transparent } }", "has a contrast of 1.00"),
        (
            "@media (min-width: 321px) and (prefers-color-scheme: dark) { main form button { color: var(--press) } }",
            "dark, 321 pixels: what the button",
        ),
        (
            (
                "@media (min-width: 321px) { main form button { position: relative } main form button::after "
                "{ content: ''; position: absolute; inset: 0; background: var(--press) } }"
            ),
            "what the button “Stop these emails” says cannot be read",
        ),
        (
            "main form { position: relative; inset-inline-start: calc(max(0px, min(100vw - 391px, 599px - 100vw)) * -99) }",
            "cannot be seen",
        ),
        (
            (
                "main { overflow: hidden } main form { margin-inline-start: "
                "calc(max(0px, min(100% - 344px, 551px - 100%)) * -99) }"
            ),
            "cannot be seen",
        ),
        ("@media (max-width: 319px) { main form button { display: none } }", "cannot be seen"),
        ("html, body { block-size: 600px; overflow: hidden }", "the page does not scroll"),
        (
            "main form button { outline: 2rem solid var(--press); outline-offset: -2rem }",
            "“Stop these emails” says cannot be read",
        ),
        (
            "main form button { box-shadow: inset 0 0 0 4rem var(--press-ink) }",
            "“Stop these emails” says cannot be read",
        ),
        ("main form button { transform: scaleX(-1) rotate(180deg) }", "cannot be seen"),
        ("main form button { letter-spacing: -1.5em; min-inline-size: 8rem }", "what the button"),
        (
            (
                "main form button { inline-size: 3.2rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; "
                "padding-inline: 0.3rem; min-inline-size: 0 }"
            ),
            "“Stop these emails” says cannot be read",
        ),
        (
            (
                "main form button { inline-size: 24px; block-size: 24px; min-block-size: 0; min-inline-size: 0; "
                "overflow: hidden; padding: 0; white-space: nowrap }"
            ),
            "“Stop these emails”",
        ),
        ("main form button { font-size-adjust: 0.01 }", "“Stop these emails”"),
        (
            "main { display: flex; flex-direction: column-reverse }",
            "stands above the first button",
        ),
        ("footer p:first-child, .brand, .lede .strong { display: none }", "the sender's name cannot be seen"),
        ("h1 { transform: scale(0.12); transform-origin: left }", "the heading cannot be seen"),
        ("@media (min-width: 321px) { .note { color: transparent } }", "has a contrast of 1.00"),
        ("main form:hover button { visibility: hidden }", "cannot be seen"),
        (
            "@media (min-width: 321px) { main section form:hover button { visibility: hidden } }",
            "under a mouse: the button “1 month” cannot be seen",
        ),
        ("main form button:focus { position: fixed; inset-inline-start: -9999px }", "“Stop these emails”"),
        (
            "h2 { position: relative; box-shadow: 0 -12rem 0 9rem var(--press) }",
            "says cannot be read",
        ),
    ],
)
def test_a_style_that_takes_the_button_away_somewhere_is_seen(looked: Callable, style: str, what: str):
    said = looked({"style.css": style})
    assert any(what in each for each in said), said


@pytest.mark.parametrize(
    ("template", "style", "what"),
    [
        (SPAN, ".x { opacity: 0 }", "cannot be read"),
        (SPAN, ".x { font-size: 0 }", "cannot be read"),
        (SPAN, ".x { position: absolute; inset-inline-start: -9999px }", "cannot be read"),
        (
            button(WORDS, ('<div class="x"><p class="y">.</p>', "</div>")),
            ".x { block-size: 2.5rem; overflow: hidden } .y { block-size: 9rem }",
            "“Stop these emails” cannot be seen",
        ),
        (
            button(WORDS, ("", '<p class="x"><a href="https://example.com/">Our story</a></p>')),
            (
                "main { position: relative } @media (min-width: 321px) { .x a { position: absolute; inset: 0; "
                f"inset-block-end: auto; block-size: 26rem; z-index: 3; opacity: 0; clip-path: {HOLLOW} }} }}"
            ),
            "“Stop these emails” is covered",
        ),
    ],
)
def test_a_template_that_takes_the_words_away_is_seen(looked: Callable, template: str, style: str, what: str):
    said = looked({"templates/optout.html": template, "style.css": style})
    assert any(what in each for each in said), said


@pytest.mark.parametrize(
    "style",
    [
        "@media (prefers-color-scheme: dark) { .de ~ form button { visibility: hidden } }",
        "@media (min-width: 321px) and (max-width: 1279px) { .de ~ form button { display: none } }",
        ".de ~ form button { color: transparent }",
    ],
)
def test_a_style_that_takes_it_from_one_language_is_seen(looked: Callable, style: str):
    said = looked({"templates/layout.html": MARKED, "style.css": style}, languages=("en", "de"))
    assert any("E-Mails abbestellen" in each for each in said), said


def test_a_choice_that_hides_the_button_when_it_is_made_is_seen(looked: Callable):
    own = (
        '{% extends "~/public/preferences.html" %}{% block content %}{{ fragments.stopping() }}'
        "{{ fragments.preferring() }}{% endblock %}"
    )
    style = "#newsletter-off:checked + label { color: transparent }"
    said = looked({"templates/preferences.html": own, "style.css": style}, pages=("preferences",))
    assert any("with “off” chosen: the label" in each for each in said), said


def test_a_style_that_only_looks_different_passes(looked: Callable):
    style = """
      main { border-radius: 1rem; overflow: hidden } h1 { letter-spacing: -0.03em; rotate: -1deg }
      button { border-radius: 2rem; box-shadow: 0 2px 6px rgb(0 0 0 / 40%), inset 0 0 0 1px var(--press); transition: color 0.2s }
      button:hover:not(.quiet) { background: #333; color: #fff } button:focus { text-decoration: underline }
      button::before { content: "→ " } .lede::after { content: ""; display: block; block-size: 2px; background: var(--line) }
      @media (min-width: 50rem) { main { max-inline-size: 50rem; margin-inline: auto } form { inline-size: 60% } }
    """
    assert looked({"style.css": style}) == []


def test_a_style_cannot_tell_pages_apart_by_their_words_and_languages():
    line = '<li><a href="{}" lang="{}" dir="ltr" hreflang="{}">{}</a></li>'
    here = '<li><span lang="de" dir="ltr" aria-current="true">Deutsch</span></li>'
    page = '<html lang="{}" dir="{}"><head><title>a</title></head><body><ul>{}</ul><p class="{}">{}</p></body></html>'
    one = skeleton(page.format("de", "ltr", here + line.format("?l=en", "en", "en", "English"), "a", "Nein"))
    other = skeleton(
        page.format(
            "en", "ltr", line.format("?l=de", "de", "de", "Deutsch") + here.replace("de", "en"), "a", "No"
        )
    )
    assert one == other
    assert one != skeleton(page.format("de", "rtl", here * 2, "a", "Nein"))
    assert one != skeleton(page.format("de", "ltr", here * 2, "b", "Nein"))
    assert one != skeleton(page.format("de", "ltr", here * 2, "a", "<b>Nein</b>"))
