"""A block that no template shows is a fault: what it says would disappear without a word."""

from collections.abc import Callable
from time import monotonic

import pytest

from resign.themes.build import Built

OPTOUT = '{% extends "~/public/optout.html" %}\n'


def test_a_block_that_no_parent_has_is_named_with_the_one_that_was_meant(build_of: Callable[..., Built]):
    own = OPTOUT + "{% block headng %}Oops{% endblock %}"
    built = build_of({"templates/optout.html": own}, languages=("en", "pl"))
    [fault] = built.faults
    assert (fault.where, fault.line) == ("templates/optout.html", 2)
    assert fault.what == "no template that this one extends has a block `headng`"
    assert fault.remedy == (
        "Did you mean `heading`? There are: `brand`, `content`, `foot`, `heading`, `sign`, `switcher`."
    )


def test_a_block_far_from_all_names_those_that_there_are(build_of: Callable[..., Built]):
    [fault] = build_of({"templates/optout.html": OPTOUT + "\n{% block zzz %}{% endblock %}"}).faults
    assert (fault.line, fault.remedy.startswith("There are: `brand`")) == (3, True)


@pytest.mark.parametrize(
    "files",
    [
        {
            "layout.html": '{% extends "~/public/layout.html" %}{% block foot %}{{ super() }}{% block more %}{% endblock %}{% endblock %}',
            "optout.html": OPTOUT + "{% block more %}<p>More</p>{% endblock %}",
        },
        {"optout.html": OPTOUT + "{% block sign %}{% block inner %}<p>x</p>{% endblock %}{% endblock %}"},
        {
            "optout.html": OPTOUT
            + "{% macro m() %}{% block inner %}x{% endblock %}{% endmacro %}{% block sign %}{{ m() }}{% endblock %}"
        },
        {"paused.html": OPTOUT, "optout.html": '{% extends "paused.html" %}{% block sign %}x{% endblock %}'},
        {
            "optout.html": '{% extends "~/public/" ~ "optout.html" %}{% block sign %}x{% endblock %}',
        },
    ],
)
def test_a_block_that_is_shown_somewhere_is_none(build_of: Callable[..., Built], files: dict[str, str]):
    assert build_of({f"templates/{name}": text for name, text in files.items()}).faults == ()


@pytest.mark.parametrize(
    "source",
    [
        '{% extends "layout.html" %}{% if linked %}{% block zzz %}x{% endblock %}{% endif %}',
        '{% extends "~/public/" ~ "layout.html" %}{% block zzz %}x{% endblock %}',
        '{% extends "~/public/layout.html" %}{% block zzz %}{% block heading %}x{% endblock %}{% endblock %}',
    ],
)
def test_it_is_found_where_it_hides(build_of: Callable[..., Built], source: str):
    own = source + "{% block content %}{% endblock %}"
    assert any("a block `zzz`" in fault.what for fault in build_of({"templates/optout.html": own}).faults)


def test_templates_that_extend_each_other_and_a_name_without_end_stay_bounded(build_of: Callable[..., Built]):
    begun = monotonic()
    name = "z" * 100_000
    built = build_of(
        {
            "templates/optout.html": '{% extends "paused.html" %}{% block ' + name + " %}{% endblock %}",
            "templates/paused.html": '{% extends "optout.html" %}',
            "templates/done.html": '{% extends "layout.html" %}'
            + "".join(f"{{% block z{number} %}}{{% endblock %}}" for number in range(3000)),
        }
    )
    assert monotonic() - begun < 10
    assert any("without end" in fault.what for fault in built.faults)
    assert all(len(fault.what) < 400 for fault in built.faults)
    assert len(built.faults) <= 101
