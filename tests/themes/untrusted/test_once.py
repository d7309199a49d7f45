"""The same fault on many pages is said once: in the reader's language, where it can be mended, and with how often it shows."""

import dataclasses
from collections.abc import Callable

from resign.i18n import Catalogues
from resign.themes import Brand
from resign.themes.build import Built, build, in_order
from resign.themes.checks import check
from resign.themes.contexts import PAGE_NAMES
from resign.themes.fault import Fault
from resign.themes.once import MOST, once
from tests.themes.untrusted.conftest import theme_of

EMPTY = '{% extends "~/public/layout.html" %}\n{% block foot %}{% endblock %}\n{% block switcher %}{% endblock %}\n'


def test_what_is_missing_on_every_page_is_few_faults_of_the_layout(
    build_of: Callable[..., Built], catalogues: Catalogues, brand: Brand
):
    files = {"templates/layout.html": EMPTY}
    languages = ("en", "pl", "ar")
    built = build_of(files, pages=PAGE_NAMES, languages=languages)
    faults = check(built, theme_of(files), brand, catalogues, looks=False)
    assert [(fault.where, fault.line) for fault in faults] == [
        ("templates/layout.html", 2),
        ("templates/layout.html", 3),
    ]
    contact, lead = faults
    assert lead.what.startswith("the page does not lead to its other languages (ar, cs, de")
    assert contact.what == "the page does not say how to reach the sender"
    assert (lead.page, lead.language) == (PAGE_NAMES[0], "en")
    assert lead.more > 100
    assert contact.more > 90


def test_a_page_of_its_own_is_named_and_not_another_of_the_same_theme(
    build_of: Callable[..., Built], catalogues: Catalogues, brand: Brand
):
    files = {
        "templates/optout.html": '{% extends "~/public/optout.html" %}',
        "templates/done.html": '{% extends "~/public/done.html" %}\n{% block foot %}{% endblock %}',
    }
    built = build_of(files, pages=("optout", "done"))
    [fault] = check(built, theme_of(files), brand, catalogues, looks=False)
    assert (fault.where, fault.line, fault.page, fault.more) == ("templates/done.html", 2, "done", 0)


def test_the_readers_language_is_named_first_and_then_english(catalogues: Catalogues, brand: Brand):
    source = theme_of({"templates/optout.html": '{% extends "~/public/optout.html" %}{{ super() }}{{ no }}'})
    for language, first in (("pl", ["pl", "en", "ar"]), ("en", ["en", "ar", "cs"])):
        built = build(
            source, theme="a@1", workspace="a", brand=brand, catalogues=catalogues, pages=("done",),
            languages=in_order(catalogues.languages, language),
        )  # fmt: skip
        assert [page.language for page in built.pages][:3] == first
        assert len(built.pages) == len(catalogues.languages)


def test_places_are_counted_and_one_place_only_once():
    fault = Fault(where="a", what="b", remedy="c", line=1, page="optout", language="en")
    other = dataclasses.replace(fault, language="pl")
    [found] = once([fault, fault, other])
    assert (found.language, found.more) == ("en", 1)
    [found] = once([found, dataclasses.replace(fault, page="done")])
    assert found.more == 2


def test_what_is_the_same_but_for_its_words_is_one():
    first = Fault(where="a", what="“x” is bad", remedy="", same="bad", page="optout", language="en")
    [found] = once([first, dataclasses.replace(first, what="“y” is bad", language="pl")])
    assert (found.what, found.more) == ("“x” is bad", 1)


def test_however_many_faults_there_are_they_stay_few():
    found = once(Fault(where="a", what=f"b{number}", remedy="") for number in range(10 * MOST))
    assert len(found) == MOST + 1
    assert found[-1].what == "it has more faults than are named here"
    assert once(found) == found
