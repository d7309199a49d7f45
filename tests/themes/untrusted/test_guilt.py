"""A phrase that presses is found whatever its letters, signs and lines are; a name excuses itself alone."""

from collections.abc import Callable

import pytest

from resign.i18n import Catalogues
from resign.themes import Brand, Sender
from resign.themes.build import Built
from resign.themes.checks import check
from resign.themes.fault import Fault
from resign.themes.source import ThemeSource
from tests.themes.untrusted.conftest import theme_of


@pytest.mark.parametrize(
    "said",
    [
        "We'll mi\u034fss you",
        "We'll mi\ufe0fss yo\ufe0fu",
        "We'll mi\u3164ss you",
        "We'll mi\u2800ss you",
        "We'll mi\u0332s\u0332s\u0332 you",
        "We'll m\u0456ss y\u043eu",
        "We\u2019ll \uff4d\uff49\uff53\uff53 you",
        "We'll \U0001d5c6\U0001d5c2\U0001d5cc\U0001d5cc you",
        "We'll m-i-s-s you",
        "We'll m i s s you",
        "We'll miss<br>you",
        "</p><div>We'll miss</div><div>you</div><p>",
        "Wir werden dich vermissen",
    ],
)
def test_a_phrase_that_presses_is_found_however_it_is_written(
    checked: Callable[..., tuple[Fault, ...]], said: str
):
    own = f'{{% extends "~/public/error.html" %}}{{% block content %}}{{{{ super() }}}}<p>{said}</p>{{% endblock %}}'
    [fault] = checked({"templates/error.html": own}, pages=("error",))
    assert "presses" in fault.what


@pytest.mark.parametrize("name", ["miss", "e", "We"])
def test_a_senders_name_excuses_nothing_but_itself(
    build_of: Callable[..., Built], catalogues: Catalogues, name: str
):
    called = Brand(Sender(name, "a@b.example"))
    own = '{% extends "~/public/error.html" %}{% block content %}{{ super() }}<p>We will miss you</p>{% endblock %}'
    files: dict[str, str | bytes] = {"templates/error.html": own}
    found = check(
        build_of(files, brand=called, pages=("error",)), theme_of(files), called, catalogues, looks=False
    )
    assert any("miss you” presses" in fault.what for fault in found)


def test_a_phrase_that_presses_is_found_between_signs_that_nobody_sees(
    checked: Callable[..., tuple[Fault, ...]],
):
    for own in ("We'll m\u00adiss you", "We'll mi\u200bss you", "We'll\u2060 miss y\ufeffou"):
        [fault] = checked({"texts/en.toml": f'"Stop marketing emails" = "{own}"'})
        assert "presses" in fault.what
        assert (fault.where, fault.line) == ("texts/en.toml", 1)
    [fault] = checked({"theme.toml": 'logo-alt = "We\'ll miss you"'})
    assert (fault.where, "presses" in fault.what) == ("theme.toml", True)


def test_a_name_does_not_press(build_of: Callable[..., Built], catalogues: Catalogues):
    sad = Brand(Sender("Sad Songs Ltd", "a@b.example"))
    assert check(build_of({}, brand=sad), ThemeSource({}), sad, catalogues, looks=False) == ()
