"""What stands in no block of a template that extends another is never shown, and nobody would know why."""

from collections.abc import Callable

import pytest

from resign.themes.build import Built

OPTOUT = '{% extends "~/public/optout.html" %}\n'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<p>Hello</p>", 2),
        ("\n\n  <p>Hello</p>", 4),
        ("{% block heading %}Out{% endblock %}\n\nHello", 4),
        ("{% block heading %}Out{% endblock %}\n{{ sender.name }}", 3),
        ("{% trans %}Hello{% endtrans %}", 2),
        ("{% if linked %}\n<p>Hello</p>{% endif %}", 3),
        ("{% for each in languages %}\n\n{{ each }}{% endfor %}", 4),
        ("{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}\nHello{% endcall %}", 3),
        ("{% filter upper %}Hello{% endfilter %}", 2),
        ("{% with one = 1 %}{{ one }}{% endwith %}", 2),
        ("<!-- one -->\n<!-- two --> Hello", 3),
        ("<!-- open", 2),
    ],
)
def test_it_is_a_fault_on_its_line(build_of: Callable[..., Built], text: str, line: int):
    [fault] = build_of({"templates/optout.html": OPTOUT + text}, languages=("en", "pl")).faults
    assert (fault.where, fault.line, fault.more) == ("templates/optout.html", line, 0)
    assert fault.what == "this stands in no block, so it is never shown"


def test_so_is_a_template_that_is_put_in_there(build_of: Callable[..., Built]):
    faults = build_of({"templates/optout.html": f'{OPTOUT}\n{{% include "paused.html" %}}'}).faults
    assert [fault.line for fault in faults if "in no block" in fault.what] == [3]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff<!-- Why this is so. -->\u200b{% block heading %}Out{% endblock %}\n<!-- > -- -->",
        "\n {# Why this is so. #}\n{% block heading %}Out{% endblock %}\n\n",
        "{% set said %}Hello{% endset %}{% block heading %}{{ said }}{% endblock %}",
        "{% macro m() %}Hello{% endmacro %}{% block heading %}{{ m() }}{% endblock %}",
        '{% import "~/public/fragments.html" as own with context %}{% block sign %}{{ own.tick() }}{% endblock %}',
        "{% if linked %}{% block heading %}Out{% endblock %}{% endif %}",
    ],
)
def test_what_is_shown_somewhere_is_none(build_of: Callable[..., Built], text: str):
    assert build_of({"templates/optout.html": OPTOUT + text}).faults == ()


def test_a_template_that_extends_nothing_has_no_block_to_be_outside_of(build_of: Callable[..., Built]):
    own = '{% import "~/public/fragments.html" as fragments with context %}<h1>Out</h1>{{ fragments.press(action, "Stop") }}'
    assert not [
        fault
        for fault in build_of({"templates/optout.html": own}).faults
        if "stands in no block" in fault.what
    ]
