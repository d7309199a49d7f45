"""Publishing is refused, with the reason: for each check a theme that breaks only that."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from resign import paths
from resign.i18n import Catalogues
from resign.themes import Brand
from resign.themes.build import Built, build
from resign.themes.checks import check
from resign.themes.checks.contrast import contrast
from resign.themes.fault import Fault
from resign.themes.source import ThemeSource

OPTOUT = '{{% extends "~/public/optout.html" %}}\n{{% import "~/public/fragments.html" as fragments with context %}}\n{{% block content %}}\n{}\n{{% endblock %}}'
DONE = OPTOUT.replace("optout", "done")
LAYOUT = '{{% extends "~/public/layout.html" %}}\n{}'
PRESS = '{{ fragments.press(action, gettext("Stop these emails")) }}'
REST = "{{ fragments.pausing() }}{{ fragments.choosing() }}"
WORDS = '{{ gettext("Stop these emails") }}'
FORM = '<form method="post" action="{{ action }}">{{ fragments.hidden() }}<button type="submit">{{ gettext("Stop these emails") }}</button></form>'
FRAGMENTS = (paths.templates() / "public" / "fragments.html").read_text("utf-8")
YES, NO = "{% trans %}Yes, send me these{% endtrans %}", "{% trans %}No, do not send me these{% endtrans %}"
ON, OFF = 'value="on" id="{{ agreement.name }}-on"', 'value="off" id="{{ agreement.name }}-off"'


def fragments(*changes: tuple[str, str]) -> dict[str, str | bytes]:
    """The shipped fragments, each first text changed for the second. Each must be there."""
    text = FRAGMENTS
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return {"templates/fragments.html": text}


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
            f'<p><a href="https://shop.example">A lot off!</a></p>{PRESS}{REST}',
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
        (FORM.replace(WORDS, "") + REST, "says nothing", 4),
        (FORM.replace(WORDS, "Keep my emails coming") + REST, "says “Keep my emails coming” and not", 4),
        (FORM.replace(WORDS, ".") + REST, "says “.” and not “Stop these emails”", 4),
        (FORM.replace(WORDS, f"{WORDS}, or not") + REST, "says “Stop these emails, or not”", 4),
        (
            FORM.replace("<button", '<button aria-label="Keep my emails coming"') + REST,
            "is called otherwise",
            4,
        ),
        (
            FORM.replace("<button", '<p id="a">x</p><button aria-labelledby="a"') + REST,
            "is called otherwise",
            4,
        ),
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
        ('{% block foot %}{{ sender.name }} <a href="{{ sender.href }}">.</a>{% endblock %}', "how to reach"),
        ("{% block switcher %}{% endblock %}", "other languages (ar, cs"),
        (
            '{% block foot %}<a href="{{ sender.href }}">us</a>{% endblock %}{% block brand %}{% endblock %}',
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


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        # Those who are out would find Yes chosen.
        (
            [
                (
                    f'{ON} data-checked="{{{{ agreement.on }}}}"',
                    f'{ON} data-checked="{{{{ agreement.off }}}}"',
                ),
                (f'{OFF} data-checked="{{{{ agreement.off }}}}"', OFF),
            ],
            "does not send `to.alcohol`",
        ),
        ([(f'{OFF} data-checked="{{{{ agreement.off }}}}"', OFF)], "does not send `to.alcohol`"),
        (
            [("{{ hidden() }}\n{% for agreement", "{{ hidden() }}{{ hidden() }}\n{% for agreement")],
            "has a field `l`",
        ),
        (
            [
                ('<label for="{{ agreement.name }}-on">', '<label for="{{ agreement.name }}-x">'),
                ('<label for="{{ agreement.name }}-off">', '<label for="{{ agreement.name }}-on">'),
                ('<label for="{{ agreement.name }}-x">', '<label for="{{ agreement.name }}-off">'),
            ],
            "the choice `on` is not labelled",
        ),
        ([(YES, "x"), (NO, YES), ("x</label>", f"{NO}</label>")], "the choice `on` is not labelled"),
        ([(NO, "No")], "the choice `off` is not labelled"),
        ([(YES, f"{YES}<br>or not")], "the choice `on` is not labelled"),
        (
            [(f"{NO}</label>", f'{NO}</label><label for="{{{{ agreement.name }}}}-off">x</label>')],
            "the choice `off`",
        ),
        ([(ON, f'{ON} aria-label="No"')], "the choice `on` is not labelled"),
        (
            [('<p class="note">', '<p id="{{ agreements[0].name }}-on">x</p><p class="note">')],
            "the choice `on` is not labelled",
        ),
    ],
)
def test_each_choice_is_called_what_it_is_and_nobodys_is_made_for_them(
    checked: Callable[..., tuple[Fault, ...]], changes: list[tuple[str, str]], what: str
):
    faults = checked(fragments(*changes), pages=("preferences",))
    assert [what in fault.what for fault in faults] == [True] * len(faults)
    assert faults


def test_yes_and_no_may_be_said_otherwise_but_not_for_each_other(checked: Callable[..., tuple[Fault, ...]]):
    yes, no = '"Yes, send me these" = ', '"No, do not send me these" = '
    options = {"pages": ("preferences",), "languages": ("en", "de")}
    assert checked({"texts/en.toml": f'{yes}"Yes, all %% & more"\n{no}"No, thanks"'}, **options) == ()
    for own in (f'{no}"Yes, send me these"', f'{yes}"Well"\n{no}"Well"'):
        [fault] = checked({"texts/en.toml": own}, **options)
        assert "by each other's name" in fault.what


@pytest.mark.parametrize(
    ("press", "what"),
    [
        (
            '<button type="button">{{ label }}</button>\n<button type="submit" class="quiet">ok</button>',
            "sends nothing",
        ),
        ('<button type="submit" aria-label="{{ label }}"></button>', "says nothing"),
        ('<button type="submit" aria-label="x">{{ label }}</button>', "is called otherwise"),
        ('<button type="reset">x</button><button type="submit">{{ label }}</button>', "sends nothing"),
    ],
)
def test_every_button_does_what_it_says(checked: Callable[..., tuple[Fault, ...]], press: str, what: str):
    shipped = '<button type="submit"{% if quiet %} class="quiet"{% endif %}>{{ label }}</button>'
    faults = checked(fragments((shipped, press)))
    assert faults
    assert all(what in fault.what for fault in faults)


def test_a_button_that_decides_may_say_it_otherwise_in_texts_but_not_the_other_way_round(
    checked: Callable[..., tuple[Fault, ...]],
):
    stop, page = '"Stop these emails" = ', {"templates/optout.html": OPTOUT.format(f"{FORM}{REST}")}
    options = {"languages": ("en", "de")}
    assert checked({**page, "texts/en.toml": f'{stop}"No more, & be done"'}, **options) == ()
    [fault] = checked({**page, "texts/de.toml": f'{stop}"\u202esliamE eseht potS"'}, **options)
    assert fault.language == "de"
    [fault] = checked(
        fragments(('gettext("This was a mistake: keep sending me emails")', 'gettext("Send")')),
        pages=("done",),
    )
    assert "the button of the form that undoes it says “Send”" in fault.what


@pytest.mark.parametrize(
    "before",
    [
        '<a href="https://evil.example/unsubscribe">{% trans %}Stop these emails{% endtrans %}</a>',
        '<a href="{{ sender.href }}">Stop these emails</a>',
        '<a href="{{ link }}?l=de{{ query }}" hreflang="de">Stop these emails</a>',
        '<a href="https://evil.example/?l=de" hreflang="de">Deutsch</a>',
        "<details><summary>Stop these emails</summary><p>x</p></details>",
    ],
)
def test_nothing_in_the_header_looks_like_the_way_out(checked: Callable[..., tuple[Fault, ...]], before: str):
    block = f'{{% extends "~/public/optout.html" %}}{{% block brand %}}{{{{ sender.name }}}}{before}{{% endblock %}}'
    [fault] = checked({"templates/optout.html": block})
    assert "before the button that opts out" in fault.what


def test_the_senders_contact_may_stand_first(checked: Callable[..., tuple[Fault, ...]]):
    block = '{% extends "~/public/layout.html" %}{% block brand %}<a href="{{ sender.href }}">{{ sender.name }}</a>{% endblock %}'
    assert checked({"templates/layout.html": block}) == ()


@pytest.mark.parametrize(
    ("element", "attribute"),
    [
        ('<a href="/u/k2.AAAA.BBBB">x</a>', "href"),
        ('<a href="/u/?l=en&amp;to=k2">x</a>', "href"),
        ('<a href="{{ link }}/undo">x</a>', "href"),
        ('<p class="{{ masked }}">x</p>', "class"),
        ('<p id="a{{ masked }}">x</p>', "id"),
        ('<p lang="{{ masked }}">x</p>', "lang"),
        ('<p aria-label="{{ masked }}">x</p>', "aria-label"),
    ],
)
def test_no_attribute_hands_out_a_link_or_depends_on_the_person(
    build_of: Callable[..., Built], element: str, attribute: str
):
    own = OPTOUT.format(f"{PRESS}{REST}{element}")
    [fault] = build_of({"templates/optout.html": own}).faults
    assert fault.what.startswith(f"`{attribute}=")
    assert "was taken out" in fault.what


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        (
            [("<p>{{ plain(recorded_at) }}</p>", '<p><time datetime="{{ recorded_at }}">now</time></p>')],
            "`recorded_at`",
        ),
        ([("reference=spoken(reference)", 'reference="none"')], "`reference`"),
        (
            [
                (
                    '<a href="{{ record }}" download>{% trans %}Keep a copy{% endtrans %}</a>',
                    '<a href="{{ record }}"></a>',
                )
            ],
            "`record`",
        ),
        (
            [('<a href="{{ record }}" download>{% trans %}Keep a copy{% endtrans %}</a>', "{{ record }}")],
            "`record`",
        ),
        ([("?l={{ tag }}{{ query }}", "{{ query }}")], "its other languages"),
    ],
)
def test_what_is_told_can_be_read_and_followed(
    checked: Callable[..., tuple[Fault, ...]], changes: list[tuple[str, str]], what: str
):
    [fault] = checked(fragments(*changes), pages=("done",))
    assert what in fault.what


@pytest.mark.parametrize(
    "offer", ["15 % for you", "-20%", "%30 indirim", "\u066a\u0661\u0665", "Only today: 5% off"]
)
def test_an_offer_of_some_percent_is_one_in_every_language(
    checked: Callable[..., tuple[Fault, ...]], offer: str
):
    """B5: what somebody is to stay for is no business of this page, above the button or below it."""
    changed = {"templates/optout.html": OPTOUT.format(f"{PRESS}<p>{offer}</p>{REST}")}
    [fault] = checked(changed, pages=("optout",), languages=("ro",))
    assert "presses on those who leave" in fault.what


OWN = OPTOUT.format(
    f"{FORM}\n<p>{{% trans %}}\n  Yours,\n  the {{{{ name }}}}\n{{% endtrans %}}</p>{REST}"
).replace("{% trans %}", "{% trans name=sender.name %}")


def test_a_text_of_ones_own_must_be_there_in_every_language(
    checked: Callable[..., tuple[Fault, ...]], catalogues: Catalogues
):
    [fault] = checked({"templates/optout.html": OWN, "texts/pl.toml": '"Yours, the %(name)s" = "%(name)s"'})
    assert (fault.where, fault.line) == ("templates/optout.html", 6)
    assert fault.what.startswith("“Yours, the %(name)s” has no words in ar, cs, de, ")
    assert "pl" not in fault.what.split()
    assert "texts/ar.toml" in fault.remedy


def test_the_example_of_the_documentation_passes_as_it_stands_there(
    checked: Callable[..., tuple[Fault, ...]], catalogues: Catalogues
):
    document = (Path(__file__).parents[3] / "docs" / "themes.md").read_text("utf-8")
    [example] = re.findall(r"```jinja\n(.*?)```", document, re.DOTALL)
    assert "{% trans %}" in example
    assert checked({"templates/optout.html": example}, languages=catalogues.languages) == ()


def test_with_its_words_in_every_language_it_passes(
    checked: Callable[..., tuple[Fault, ...]], catalogues: Catalogues
):
    words = {
        f"texts/{language}.toml": '"Yours, the %(name)s" = "%(name)s"'
        for language in catalogues.languages
        if language != "en"
    }
    assert checked({"templates/optout.html": OWN, **words}) == ()
