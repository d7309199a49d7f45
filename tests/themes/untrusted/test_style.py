"""A theme's style fetches nothing and ends nothing; its colours are the shipped style's variables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resign.themes.css import declared, style_faults, style_of, widths
from resign.themes.pages import shipped_style
from resign.themes.stylesheet import Stylesheet
from tests.support.picture import address, drawn

GOOD = """
/* mine */
button { border-radius: 0; letter-spacing: 0.02em }
@media (min-width: 40rem) { header { padding: 1rem } .a { &:hover { color: red } } }
@media screen and (max-width: 600.5px), only print and (prefers-color-scheme: dark) { main { display: grid } }
[type="radio"]:checked + label, details[open] > summary:not(:first-child) { font: 600 1rem "Segoe UI" }
:root:dir(rtl) li:nth-child(2n + 1)::marker, button:focus-visible { content: "«" }
.logo { background: url("PNG") no-repeat, url(WEBP) }
.a::before { content: "\\201C" }
a { transition: color 0.15s ease-in, border-color 150ms; font-family: "Segoe UI Symbol", Georgia }
body { min-block-size: 100vh; padding: clamp(1rem, 5vw, 3rem); -webkit-font-smoothing: antialiased }
""".replace("PNG", address(drawn())).replace("WEBP", address(drawn("webp"), "webp"))


def test_a_style_that_changes_the_look_is_fine():
    assert style_faults(GOOD) == []
    assert style_faults("") == []
    assert style_faults(Stylesheet(GOOD).text) == []


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("@import 'https://evil.example/a.css';", "`@import` is not allowed"),
        ("@import url(//evil.example);", "`@import` is not allowed"),
        ("@font-face { font-family: a; src: url(https://evil.example) }", "`@font-face` is not allowed"),
        ("@charset 'utf-8';", "`@charset` is not allowed"),
        ("@namespace url(http://evil.example);", "`@namespace` is not allowed"),
        ("@keyframes a { to { opacity: 0 } }", "`@keyframes` is not allowed"),
        ("@page { margin: 0 }", "`@page` is not allowed"),
        ("@property --a { syntax: '*' }", "`@property` is not allowed"),
        ("@supports (display: grid) { form { display: none } }", "`@supports` is not allowed"),
        ("@container (width > 1px) { form { display: none } }", "`@container` is not allowed"),
        ("@layer a { form { display: none } }", "`@layer` is not allowed"),
        *(
            (f"@media {asked} {{ form {{ display: none }} }}", "is not allowed")
            for asked in (
                "(prefers-reduced-motion: no-preference)",
                "(pointer: coarse)",
                "(prefers-contrast: more)",
                "(forced-colors: active)",
                "(hover: none)",
                "(orientation: portrait)",
                "(min-height: 700px)",
                "(width >= 40rem)",
                "(min-width: 40vw)",
                "not print",
                "print, (pointer: coarse)",
                "screen and (min-width: 1px) and (scripting: none)",
                "(prefers-color-scheme: light) or (hover)",
                "(\\70ointer: coarse)",
            )
        ),
        *(
            (f"{chosen} {{ display: none }}", "is not allowed")
            for chosen in (
                "html:lang(de) form",
                "form:not(:lang(en))",
                "main:has(h1) form",
                "form:has([value=off]:checked)",
                'main[class*="gmail.com"] form',
                "[id], form",
                "[value=off] + label",
                "[lang=de] form",
                '[dir="rtl"] form',
                "a[href*=u]",
                "form:not([name|=a])",
                "[*|value=off]",
                "[type|value=off]",
                "[\\76 alue=off]",
                "form:not(:-moz-drag-over)",
                "form::-webkit-scrollbar",
                "form:target",
                "a { &:lang(de) { color: red } } b",
                "button:active",
                "html:active",
                "a { &:active { color: red } } b",
                ".q:empty ~ form button",
                "button::first-line",
                "button:first-letter",
                "form:focus-within button",
                "a:visited",
            )
        ),
        *(
            (f"button {{ {said} }}", f"`{said.partition(':')[0]}` is not allowed")
            for said in (
                "appearance: none",
                "-webkit-appearance: none",
                "-webkit-text-security: disc",
                "-webkit-text-fill-color: transparent",
                "-webkit-mask-box-image: none",
                "unicode-bidi: bidi-override",
                "direction: rtl",
                "order: -1",
                "pointer-events: none",
                "mix-blend-mode: lighten",
                "animation: a 1s",
                "animation-timeline: scroll()",
                "offset-path: none",
                "contain: paint",
                "scroll-snap-type: y mandatory",
            )
        ),
        ("button { \\6frder: -1 }", "`order` is not allowed"),
        ("a { & { ORDER: -1 } }", "`order` is not allowed"),
        *(
            (f"button {{ {said} }}", "changes more than colours")
            for said in (
                "transition: visibility 0s 0.25s",
                "transition: all 1s",
                "transition: 0.2s",
                "transition: var(--a)",
                "transition: color 0s 3s",
                "transition: color 1s steps(2)",
                "transition-property: opacity",
                "transition-delay: 9s",
                "transition-duration: calc(9s)",
            )
        ),
        *(
            (f"form {{ {said} }}", "how high the screen is")
            for said in (
                "inset-block-start: calc(max(0px, 100vh - 641px) * -99)",
                "min-block-size: calc(max(0px, 100vh - 641px) * 99)",
                "margin-top: 9dvh",
                "--a: 100svh",
                "inline-size: 10vmin",
            )
        ),
        *(
            (f"button {{ {said} }}", "a font of signs")
            for said in (
                "font-family: Wingdings, sans-serif",
                "font: 600 1rem 'Zapf  Dingbats'",
                "font-family: ITC Zapf Dingbats",
                "font-family: Arial, symbol",
                "--text: 'Symbol'",
                "font-family: \\57ingdings",
            )
        ),
        ("button { text-decoration: line-through 1.6em }", "`line-through` is not allowed"),
        ("form { -moz-transform: scale(0) }", "`-moz-transform` is not allowed"),
        ("form { margin-top: calc(env(safe-area-inset-top) * 999) }", "`env()` is not allowed"),
        ("form { display: if(media(pointer: coarse): none; else: block) }", "`if()` is not allowed"),
        ('h1::before { content: "We\'ll miss you" }', "`content` says something"),
        ('h1::before { content: "\\57 e" }', "`content` says something"),
        ("h1::before { content: var(--x) }", "`content` says something"),
        ('h1::before { content: counters(a, "miss") }', "`content` says something"),
        ('h1::before { quotes: "We miss you" ""; content: open-quote }', "`quotes` says something"),
        ('li { list-style: "Stay! " }', "`list-style` says something"),
        ("@media print { @import 'a'; }", "`@import` is not allowed"),
        ("a { background: url(https://evil.example) }", "fetches nothing"),
        ("a { background: url('//evil.example') }", "fetches nothing"),
        ("a { background: \\75rl(https://evil.example) }", "fetches nothing"),
        ("a { background: URL(https://evil.example) }", "fetches nothing"),
        ("a { background: url(data:image/svg+xml;base64,AAAA) }", "fetches nothing"),
        ("a { background: url(data:text/html,x) }", "fetches nothing"),
        ("a { background: image-set('https://evil.example' 1x) }", "`image-set()` is not allowed"),
        ("a { background: src('https://evil.example') }", "`src()` is not allowed"),
        ("a { width: calc(1px + expression(alert(1))) }", "`expression()` is not allowed"),
        ("a { behavior: none }", "`behavior` is not allowed"),
        ("a { -moz-binding: none }", "`-moz-binding` is not allowed"),
        ("a { content: '</style><script>' }", "`<` would end"),
        ("a { content: '{{masked}}' }", "two braces"),
        ("a { content: '/*' } b { content: '*/' }", "comment's signs"),
        ("a { b: c", "not closed"),
        ("a { b: (c }", "not closed"),
        ("/* a", "not closed"),
        ("a { content: 'b }", ""),
        ("a }", ""),
        ("a { & { & { & { & { & { & { & { & { & { c: d } } } } } } } } } }", "nested too deeply"),
        ("a { width: " + "(" * 50 + ")" * 50 + " }", "nested too deeply"),
    ],
)
def test_what_is_not_allowed_is_named_with_its_line(line: str, what: str):
    found = style_faults(f"b {{}}\n{line}\n")
    assert found
    assert what in found[0].what
    assert found[0].line in {2, None}
    assert found[0].remedy


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("b {}\na {\n color: red\nc { color: blue }\n", 2),
        ("@media print {\n a { color: red }\n", 1),
        ("@media print {\n a { color: red\n", 2),
        ("b {}\na { color: rgb(1 }\nc {}", 2),
        ("b {}\n/* a\n\nc {}", 2),
        ("b {}\na { content: 'b }\nc {}", 2),
        ("b {}\na { background: url(data:x }\nc {}", 2),
        ("b {}\na { color: red }\n}\nc {}", 3),
        ("{ " * 9_000, 1),
    ],
)
def test_what_is_not_closed_is_named_where_it_opens(text: str, line: int):
    assert [fault.line for fault in style_faults(text)] == [line]


def test_what_a_style_declares_is_found_with_its_line_however_deep():
    style = "a { color: red !important }\n@media print { b {\n--x: y; &:hover { font:\n1px x } } }"
    assert declared(style) == [("color", "red", 1), ("font", "1px x", 3)]
    assert declared(GOOD)


def test_a_style_has_its_bounds():
    assert "too long" in style_faults("a{}" * 10_000)[0].what
    assert style_faults("a{" * 5_000)
    assert style_faults("(" * 15_000)
    many = "".join(f"@media (min-width: {width}px) {{ a {{ b: c }} }}" for width in range(500, 509))
    assert "too many widths" in style_faults(many)[0].what


def test_every_range_of_widths_that_a_style_has_is_known():
    style = "@media (min-width: 321px) and (max-width: 40rem) { a { b: c } } @media (max-width: 700.5px) { a { b: c } }"
    assert style_faults(style) == []
    assert widths(style) == {321, 641, 701}
    assert widths("a { min-inline-size: 40rem }") == set()


@given(st.text(alphabet="ab{}()[]:;'\"/*\\@<url \n!,-", max_size=60))
def test_what_is_let_through_is_let_through_when_it_is_made_small(text: str):
    """The style is sent without comments and blanks: nothing may mean something else then."""
    if not style_faults(text):
        assert style_faults(Stylesheet(text).text) == []


def test_a_theme_without_colours_has_the_shipped_style_to_the_byte():
    assert style_of(shipped_style(), {}, {}, "", logo=False) == shipped_style()


def test_colours_are_variables_of_their_scheme_on_screens():
    style = style_of("", {"ink": "#000000", "paper": "#ffffff"}, {"ink": "#eeeeee"}, "a{}", logo=False)
    assert "@media screen and (prefers-color-scheme: light){:root{--ink:#000000;--paper:#ffffff}}" in style
    assert "@media screen and (prefers-color-scheme: dark){:root{--ink:#eeeeee}}" in style
    assert style.endswith("a{}")
