"""From a theme's files to its pages: as little as a colour, as much as every template, and every fault in words."""

import re
from collections.abc import Callable

import pytest

from resign.i18n import Catalogues
from resign.themes import Brand, Pages, Sender
from resign.themes.allowed import held
from resign.themes.build import Built, build
from resign.themes.contexts import PAGE_NAMES
from resign.themes.samples import SAMPLES, sample
from resign.themes.source import ThemeSource
from tests.themes.untrusted.test_logo import picture

TWO = ("en", "pl")


def test_an_empty_theme_is_the_shipped_pages_to_the_byte(catalogues: Catalogues, brand: Brand):
    built = build(ThemeSource({}), theme="fern@1", workspace="fern", brand=brand, catalogues=catalogues)
    assert built.faults == ()
    assert len(built.pages) == len(PAGE_NAMES) * len(catalogues.languages)
    shipped = Pages(catalogues, {"fern": brand})
    for page in built.pages:
        ours = shipped.page(page.name, page.language, "fern")
        assert (page.text, page.csp) == (ours.text.replace(ours.theme, page.theme), ours.csp), page.name
        assert page.digest != ours.digest  # so that a decision names the version that was worn
        assert page.theme == "fern@1"
        assert page.workspace == "fern"


def test_what_is_held_is_held_already(catalogues: Catalogues, brand: Brand):
    for page in Pages(catalogues, {"fern": brand}):
        body = page.text.partition("<body>")[2].partition("</body>")[0]
        assert held(held(body)) == held(body)


def test_one_block_of_one_page_is_changed(build_of: Callable[..., Built]):
    own = '{% extends "~/public/optout.html" %}{% block heading %}{% trans %}No more letters{% endtrans %}{% endblock %}'
    built = build_of(
        {"templates/optout.html": own, "texts/pl.toml": '"No more letters" = "Koniec listów"'},
        pages=("optout", "done"),
        languages=TWO,
    )
    assert built.faults == ()
    text = {(page.name, page.language): page.text for page in built.pages}
    assert "<h1>No more letters</h1>" in text["optout", "en"]
    assert "<title>No more letters" in text["optout", "en"]
    assert "<h1>Koniec listów</h1>" in text["optout", "pl"]
    assert "Stop these emails" in text["optout", "en"]
    assert "No more letters" not in text["done", "en"]


def test_the_layout_changes_all_pages(build_of: Callable[..., Built]):
    own = '{% extends "~/public/layout.html" %}{% block brand %}<p class="brand">By post</p>{% endblock %}'
    built = build_of({"templates/layout.html": own}, pages=PAGE_NAMES)
    assert built.faults == ()
    assert len(built.pages) == len(PAGE_NAMES)
    assert all('<p class="brand">By post</p>' in page.text for page in built.pages)


def test_texts_replace_those_of_the_catalogue_words_included(build_of: Callable[..., Built]):
    texts = (
        '"Stop these emails" = "Tak, \\"koniec\\" & basta"\n"Too many emails" = "Za & dużo"\n'
        '"Language" = "Mowa \\"ludzka\\""\n"%(num)d month" = "%(num)d mies."\n"%(num)d months" = "%(num)d mies.!"\n'
    )
    built = build_of({"texts/pl.toml": texts}, pages=("optout", "done"), languages=TWO)
    assert built.faults == ()
    text = {(page.name, page.language): page.text for page in built.pages}
    assert '>Tak, "koniec" &amp; basta</button>' in text["optout", "pl"]
    assert 'aria-label="Mowa &quot;ludzka&quot;"' in text["optout", "pl"]
    assert ">1 mies.</button>" in text["optout", "pl"]
    assert ">3 mies.!</button>" in text["optout", "pl"]
    assert ">Za &amp; dużo</button>" in text["done", "pl"]
    assert "Stop these emails" in text["optout", "en"]


def test_a_text_that_no_page_says_and_a_language_that_is_not_there_are_named(build_of: Callable[..., Built]):
    built = build_of({"texts/en.toml": '"Stop this emails" = "x"\n', "texts/xx.toml": ""})
    assert {(fault.where, fault.remedy) for fault in built.faults} >= {
        ("texts/en.toml", "Did you mean `Stop these emails`?")
    }
    assert any(fault.where == "texts/xx.toml" and "no language `xx`" in fault.what for fault in built.faults)


def test_colours_sender_logo_and_style_are_on_every_page(build_of: Callable[..., Built], brand: Brand):
    built = build_of(
        {
            "theme.toml": 'logo = "l.png"\nlogo-alt = "Fern & co"\n[colours]\npress = "#104020"\n[sender]\n'
            'name = "Fern by post"\ncontact = "post@fern.example"\n',
            "l.png": picture(size=(100, 40)),
            "style.css": "button { border-radius: 0 }",
            "templates/layout.html": '{% extends "~/public/layout.html" %}{% block brand %}'
            '<p class="brand"><img src="{{ logo }}" alt="{{ logo_alt }}"></p>{% endblock %}',
        },
        pages=("optout", "error"),
    )
    assert built.faults == ()
    for page in built.pages:
        assert "--press:#104020" in page.text
        assert "button{border-radius: 0}" in page.text
        assert 'href="mailto:post@fern.example"' in page.text
        assert brand.sender.name not in page.text
        assert re.search(r'<img src="data:image/png;base64,[^"]+" alt="Fern &amp; co">', page.text)
        assert "style-src 'sha256-" in page.csp
    shipped = build_of({}, pages=("optout",)).pages[0]
    assert built.pages[0].csp != shipped.csp


@pytest.mark.parametrize(
    ("source", "line", "what", "remedy"),
    [
        ("\n{{ maskd }}", 2, "`maskd` is unknown here", "Did you mean `masked`? This page has: `action`"),
        ("\n\n{% endif %}", 3, "`endif` is no tag of a template", "docs/themes.md"),
        ("{{ sender.nam }}", 1, "there is no `nam`; there are: name, href, shown", ""),
        ("\n{{ masked|uper }}", 2, "there is no filter `uper`", "Did you mean `upper`?"),
        ('\n\n{% include "footer.html" %}', 3, "there is no template `footer.html`", "~/public/layout.html"),
        ('{% extends "optout.html" %}', 1, "without end", "~/public/"),
        ('{% extends "layout.html" %}', None, "", ""),
    ],
)
def test_an_error_has_its_line_and_its_remedy(
    build_of: Callable[..., Built], source: str, line: int | None, what: str, remedy: str
):
    built = build_of({"templates/optout.html": source}, languages=TWO)
    assert built.pages == ()
    [fault] = built.faults
    assert what in fault.what
    assert remedy in fault.remedy
    if line:
        assert (fault.where, fault.line) == ("templates/optout.html", line)


def test_a_template_that_no_page_uses_is_read_too(build_of: Callable[..., Built]):
    built = build_of({"templates/paused.html": "\n{{"}, pages=("optout",))
    [fault] = built.faults
    assert (fault.where, fault.line) == ("templates/paused.html", 2)
    assert len(built.pages) == 1


def test_a_macro_that_a_shipped_template_needs_is_named(build_of: Callable[..., Built]):
    built = build_of({"templates/fragments.html": "{% macro plain(text) %}{{ text }}{% endmacro %}"})
    assert built.pages == ()
    assert any("fragments.html` has no macro" in fault.what for fault in built.faults)


def test_what_is_taken_out_is_named_with_its_line(build_of: Callable[..., Built]):
    own = '{% extends "~/public/optout.html" %}\n{% block sign %}\n<img src="https://evil.example/a.png" alt="">\n{% endblock %}'
    [fault] = build_of({"templates/optout.html": own}, languages=TWO).faults
    assert (fault.where, fault.line, fault.page) == ("templates/optout.html", 3, "optout")
    assert fault.what == '`src="https://evil.example/a.png"` of <img> is not allowed, and was taken out'


def test_a_theme_that_cannot_be_read_has_no_pages(build_of: Callable[..., Built]):
    built = build_of({"theme.toml": "colors = 1", "style.css": "@import 'a';"})
    assert built.pages == ()
    assert len(built.faults) == 2


def test_every_page_can_be_filled_with_every_sample(
    build_of: Callable[..., Built], catalogues: Catalogues, brand: Brand
):
    for page in build_of({}, pages=PAGE_NAMES, languages=("pl",)).pages:
        for name in SAMPLES:
            assert b"{{" not in page.fill(sample(page.name, page.language, name, catalogues, brand))
    with pytest.raises(KeyError):
        sample("optout", "en", "nobody", catalogues, brand)


def test_a_sender_with_markup_in_the_name_is_only_a_name(build_of: Callable[..., Built]):
    odd = Brand(Sender("<script>alert(1)</script> {{masked}}", "a@b.example"))
    [page] = build_of({}, brand=odd).pages
    assert "<script" not in page.text
    assert page.text.count("{{masked}}") == 1
