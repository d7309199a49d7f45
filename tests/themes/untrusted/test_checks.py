"""Publishing is refused, with the reason: for each check a theme that breaks only that."""

from collections.abc import Callable

import pytest

from resign.i18n import Catalogues
from resign.themes import Brand, Sender
from resign.themes.build import Built, build
from resign.themes.checks import check
from resign.themes.checks.contrast import contrast
from resign.themes.fault import Fault
from resign.themes.source import ThemeSource
from tests.themes.untrusted.conftest import theme_of

OPTOUT = '{{% extends "~/public/optout.html" %}}\n{{% import "~/public/fragments.html" as fragments with context %}}\n{{% block content %}}\n{}\n{{% endblock %}}'
DONE = OPTOUT.replace("optout", "done")
LAYOUT = '{{% extends "~/public/layout.html" %}}\n{}'
PRESS = '{{ fragments.press(action, "Stop") }}'
REST = "{{ fragments.pausing() }}{{ fragments.choosing() }}"
FORM = '<form method="post" action="{{ action }}">{{ fragments.hidden() }}<button type="submit">Stop</button></form>'


@pytest.fixture
def checked(
    build_of: Callable[..., Built], catalogues: Catalogues, brand: Brand
) -> Callable[..., tuple[Fault, ...]]:
    def faults(files: dict[str, str | bytes], **options: object) -> tuple[Fault, ...]:
        return check(build_of(files, **options), theme_of(files), brand, catalogues, looks=False)

    return faults


def test_an_untouched_theme_passes(catalogues: Catalogues, brand: Brand):
    source = ThemeSource({})
    for each in (brand, Brand(brand.sender)):
        built = build(source, theme="fern@1", workspace="fern", brand=each, catalogues=catalogues)
        assert check(built, source, each, catalogues, looks=False) == ()


def test_a_theme_that_only_looks_different_passes(checked: Callable[..., tuple[Fault, ...]]):
    assert (
        checked({"templates/optout.html": OPTOUT.format(f"{FORM}<p>Well.</p>{REST}")}, languages=("en", "ar"))
        == ()
    )


@pytest.mark.parametrize(
    ("content", "what", "line"),
    [
        (REST, "the form that opts out is missing", None),
        (f"{PRESS}{{{{ fragments.choosing() }}}}", "the form that asks for a break is missing", None),
        (f"{REST}{PRESS}", "in another order", None),
        (
            f'<p><a href="https://shop.example">10 % off!</a></p>{PRESS}{REST}',
            "before the button that opts out",
            4,
        ),
        (f"<details><summary>Wait</summary>x</details>{PRESS}{REST}", "before the button that opts out", 4),
        (f"{PRESS}{REST}{PRESS}", "that the shipped page has not got", None),
        (
            f'{PRESS.replace("press(", "press(", 1)}{REST}<form method="post" action="/u/"><button>x</button></form>',
            "a form that asks for a link that",
            None,
        ),
        (f"{FORM.replace('{{ fragments.hidden() }}', '')}{REST}", "does not send", 4),
        (
            FORM.replace("<button", '<input type="checkbox" name="sure" required><button') + REST,
            "has a field `sure`",
            4,
        ),
        (FORM.replace(">Stop<", "><") + REST, "says nothing", 4),
        (FORM.replace(' type="submit"', ' type="button"') + REST, "has no button", 4),
        (FORM.replace(' method="post"', "") + REST, "does not post", 4),
        (f"{PRESS}{REST}<h1>Another</h1>", "2 headings", 4),
        (f"{PRESS}{REST}</main><main>", "one <main>", 4),
        (f"{PRESS}<p>We will\n miss <b>you</b></p>{REST}", "“We will miss you” presses", None),
        (f"<p>Are you sure?</p>{PRESS}{REST}", "“Are you sure” presses", 4),
        (
            f"{PRESS}<p>" + "".join(f"{number * 7919 % 104729:x} " for number in range(9000)) + f"</p>{REST}",
            "weighs",
            None,
        ),
    ],
)
def test_a_page_that_breaks_one_rule_is_refused(
    checked: Callable[..., tuple[Fault, ...]], content: str, what: str, line: int | None
):
    [fault] = checked({"templates/optout.html": OPTOUT.format(content)})
    assert what in fault.what
    assert (fault.where, fault.page, fault.language) == ("templates/optout.html", "optout", "en")
    assert line is None or fault.line == line
    assert fault.remedy


@pytest.mark.parametrize(
    ("missing", "what"),
    [
        ("undoing", "the form that undoes it is missing"),
        ("asking_why", "the form that asks why is missing"),
        ("recorded", "does not show `recorded_at`"),
        ("keep", "does not show `record`"),
    ],
)
def test_what_a_person_is_told_after_a_press_stays(
    checked: Callable[..., tuple[Fault, ...]], missing: str, what: str
):
    parts = ("recorded", "told", "undoing", "asking_why", "choosing", "keep")
    said = "\n".join(f"{{{{ fragments.{part}() }}}}" for part in parts)
    assert checked({"templates/done.html": DONE.format(said)}, pages=("done",)) == ()
    faults = checked(
        {"templates/done.html": DONE.format(said.replace(f"{{{{ fragments.{missing}() }}}}", ""))},
        pages=("done",),
    )
    assert what in faults[0].what


@pytest.mark.parametrize(
    ("block", "what"),
    [
        ("{% block foot %}{% endblock %}", "how to reach the sender"),
        ("{% block switcher %}{% endblock %}", "other languages (ar, cs"),
        (
            '{% block foot %}<a href="{{ sender.href }}">x</a>{% endblock %}{% block brand %}{% endblock %}',
            "name its sender",
        ),
    ],
)
def test_every_page_names_its_sender_and_leads_to_its_languages(
    checked: Callable[..., tuple[Fault, ...]], block: str, what: str
):
    faults = checked({"templates/layout.html": LAYOUT.format(block)}, pages=("reason-kept",))
    assert [what in fault.what for fault in faults] == [True]


def test_a_text_that_presses_is_found_in_its_file(checked: Callable[..., tuple[Fault, ...]]):
    texts = '# ours\n"Stop these emails" = "Goodbye then"\n'
    [fault] = checked({"texts/en.toml": texts}, languages=("en", "pl"))
    assert (fault.where, fault.line, fault.language) == ("texts/en.toml", 2, "en")
    assert "“Goodbye” presses" in fault.what


def test_a_name_does_not_press(build_of: Callable[..., Built], catalogues: Catalogues):
    sad = Brand(Sender("Sad Songs Ltd", "a@b.example"))
    assert check(build_of({}, brand=sad), ThemeSource({}), sad, catalogues, looks=False) == ()


def test_colours_that_cannot_be_told_apart_are_refused(checked: Callable[..., tuple[Fault, ...]]):
    manifest = '[colours]\nink = "#777777"\nfocus = "#eeeeee"\n[colours.dark]\npress = "#f0f2ee"\npress-ink = "#ffffff"\n'
    faults = checked({"theme.toml": manifest})
    assert {(fault.where, fault.line) for fault in faults} == {("theme.toml", line) for line in (2, 3, 6)}
    assert faults[0].what == "light: `ink` #777777 on `paper` #faf9f5 has a contrast of 4.25"
    assert faults[0].remedy.startswith("4.5 is the least")
    assert any(fault.what.startswith("dark: `press-ink` #ffffff on `press`") for fault in faults)


def test_contrast_is_as_the_guidelines_compute_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert contrast("#123456", "#123456") == 1


def test_faults_of_the_build_come_first_and_each_once(checked: Callable[..., tuple[Fault, ...]]):
    faults = checked(
        {
            "templates/optout.html": "{{ nothing }}",
            "templates/layout.html": LAYOUT.format("{% block foot %}{% endblock %}"),
        },
        pages=("optout", "done", "undone"),
        languages=("en", "pl", "ar"),
    )
    assert "`nothing` is unknown" in faults[0].what
    assert len(faults) == len({(fault.where, fault.what, fault.line) for fault in faults})
