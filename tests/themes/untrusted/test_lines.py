"""A fault has its line wherever the text that makes it stands in a file."""

from collections.abc import Callable

import pytest

from resign.i18n import Catalogues
from resign.themes import Brand
from resign.themes.build import Built
from resign.themes.checks import check
from tests.themes.untrusted.conftest import theme_of

OPTOUT = '{% extends "~/public/optout.html" %}\n{% block sign %}\n'


@pytest.mark.parametrize(
    ("source", "line", "what", "remedy"),
    [
        ("<p>x</p>\n{{ masked|upper }}", 4, "`MASKED` cannot be filled in here", "`|upper` cannot change it"),
        ("<p>masked</p>\n{{ masked | reverse }}", 4, "cut to pieces", "`|reverse` cannot change it"),
        ("{{ masked }}\n{{ masked[:3] }}", 4, "cut to pieces", "write it alone"),
        ("\n\n{% for each in masked %}{{ each }} {% endfor %}", 5, "cannot be filled in here", ""),
        ("\n{% for a in range(999) %}\n{% for b in range(999) %}\nxxxxxxxxx\n{% endfor %}{% endfor %}", 5, "far too long", ""),
        ("\n{% for a in range(999) %}\n<b><i><u><s>\n{% endfor %}", 4, "far too long", ""),
        (
            "{% for a in range(999) %}{% for b in range(999) %}\n{% for c in range(999) %}\n{% set x = c %}\n{% endfor %}{% endfor %}{% endfor %}",
            4,
            "longer than a second",
            "",
        ),
    ],
)  # fmt: skip
def test_what_a_template_does_is_named_with_its_line(
    build_of: Callable[..., Built], source: str, line: int, what: str, remedy: str
):
    built = build_of({"templates/optout.html": OPTOUT + source + "{% endblock %}"})
    assert {(fault.where, fault.line) for fault in built.faults} == {("templates/optout.html", line)}
    assert what in built.faults[0].what
    assert remedy in built.faults[0].remedy


def test_a_loop_in_a_template_that_another_includes_is_found(build_of: Callable[..., Built]):
    files = {
        "templates/optout.html": OPTOUT + '{% include "paused.html" %}{% endblock %}',
        "templates/paused.html": "\n{% for a in range(999) %}{% for b in range(999) %}xxxx{% endfor %}{% endfor %}",
    }
    [fault] = build_of(files).faults
    assert (fault.where, fault.line) == ("templates/paused.html", 2)


@pytest.mark.parametrize(
    ("page", "remedy"),
    [
        (
            "optout",
            'Write it as the shipped page does: {{ fragments.press(action, gettext("Stop these emails")) }}.',
        ),
        ("done", "Write it as the shipped page does: {{ fragments.undoing() }}."),
        (
            "preferences",
            "Write it as the shipped page does: {{ fragments.stopping() }} and {{ fragments.preferring() }}.",
        ),
        ("reason-wrong", "Write it as the shipped page does: {{ fragments.asking_why(typed, wrong=true) }}."),
        ("lost-link", "Write it as the shipped page does: {{ asking.form() }}."),
    ],
)
def test_a_missing_form_is_written_as_the_shipped_page_writes_it(
    build_of: Callable[..., Built], catalogues: Catalogues, brand: Brand, page: str, remedy: str
):
    own = f'{{% extends "~/public/{page}.html" %}}\n\n{{% block content %}}{{% endblock %}}'
    files = {f"templates/{page}.html": own}
    [fault, *_] = [
        each
        for each in check(build_of(files, pages=(page,)), theme_of(files), brand, catalogues, looks=False)
        if "is missing" in each.what
    ]
    assert (fault.where, fault.line, fault.remedy) == (f"templates/{page}.html", 3, remedy)
