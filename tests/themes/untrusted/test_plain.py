"""Only text and numbers come onto a page: what else prints itself says where it lies in memory, and never twice the same."""

from collections.abc import Callable

import pytest

from resign.themes.build import Built

PAGE = '{% extends "~/public/optout.html" %}\n{% block sign %}\n<p>HERE</p>\n{% endblock %}'
THINGS = ("gettext", "super", '"a".upper', "[gettext]", "{'a': super}", "'ab'|unique", "'ab'|list|reverse")
WAYS = (
    "{{ (THING) }}",
    "{{ (THING) ~ 'a' }}",
    "{{ (THING)|string }}",
    "{{ (THING)|upper }}",
    "{{ (THING)|lower }}",
    "{{ (THING)|title }}",
    "{{ (THING)|capitalize }}",
    "{{ (THING)|e }}",
    "{{ (THING)|trim }}",
    "{{ (THING)|wordcount }}",
    "{{ (THING)|string|length }}",
    "{{ (THING)|replace('a', 'b') }}",
    "{{ [1, (THING)]|join }}",
    "{% trans x=(THING) %}From {{ x }}{% endtrans %}",
    "{{ gettext('%(x)s', x=(THING)) }}",
    "{{ ngettext('%(x)s', '%(x)s', 1, x=(THING)) }}",
)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_no_text_is_refused_however_it_is_printed(build_of: Callable[..., Built], way: str):
    for thing in THINGS:
        built = build_of({"templates/optout.html": PAGE.replace("HERE", way.replace("THING", thing))})
        assert not built.pages, thing
        [fault] = [fault for fault in built.faults if fault.page]
        assert fault.what == "only text and numbers can be written", thing
        assert fault.line == 3


def test_text_and_numbers_are_written(build_of: Callable[..., Built]):
    plain = (
        "1.5", "2 > 1", "none", "'a'", "masked", "sender.name", "super()", "'ab'|list|join", "range(3)|join",
        "[1, 'a']|join(', ')", "gettext('Stop these emails')", "'a'.upper()", "agreements|length", "'ab'|reverse",
    )  # fmt: skip
    every = " ".join("{{ " + each + " }}" for each in plain)
    built = build_of({"templates/optout.html": PAGE.replace("HERE", every)})
    assert built.pages, built.faults


@pytest.mark.parametrize(
    "way",
    [
        '{% with language="pl" %}SAID{% endwith %}',
        '{% set language="pl" %}SAID',
        '{% with language="pl" %}{{ gettext("Stop these emails") }}{% endwith %}',
        '{% with language="pl" %}{{ ngettext("%(num)d month", "%(num)d months", 3) }}{% endwith %}',
    ],
)
def test_a_text_is_in_the_language_of_its_page_whatever_a_template_says(
    build_of: Callable[..., Built], way: str
):
    """The phrases that press are looked for in the page's language: those of another would go past."""
    said = way.replace("SAID", "{% trans %}Stop these emails{% endtrans %}")
    [page] = build_of({"templates/optout.html": PAGE.replace("HERE", said)}).pages
    assert "<p>3 months</p>" in page.text or "<p>Stop these emails</p>" in page.text
