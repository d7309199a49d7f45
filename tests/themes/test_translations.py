"""Every word of the templates is in the template catalogue, and translated in every language."""

import re

import pytest
from babel import Locale
from babel.messages import Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from resign import paths
from resign.i18n import SOURCE, Catalogues

ALL = Catalogues().languages
LANGUAGES = [language for language in ALL if language != SOURCE]
# B7: what the product is sold with. One taken out would be a language that people lose.
PROMISED = "ar cs de en es fr hu it nl pl pt ro sk sv uk".split()
PLACE = re.compile(r"%\((\w+)\)[sd]")


def extracted() -> set[str | tuple[str, ...]]:
    with (paths.translations() / "babel.cfg").open(encoding="utf-8") as settings:
        methods, options = parse_mapping_cfg(settings)
    found = extract_from_dir(paths.templates() / "public", method_map=methods, options_map=options)
    return {message for _, _, message, _, _ in found}


def read(name: str, language: str | None = None):
    with (paths.translations() / name).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def catalogue(language: str):
    return read(f"{language.replace('-', '_')}/LC_MESSAGES/messages.po", language)


def text_of(language: str) -> str:
    file = paths.translations() / language.replace("-", "_") / "LC_MESSAGES" / "messages.po"
    return file.read_text(encoding="utf-8")


def ids(messages) -> list[str | tuple[str, ...]]:
    return [message.id for message in messages if message.id]


def said(message: Message) -> list[str]:
    """One string, or one for each plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string)


def is_whole(message: Message, forms: int) -> bool:
    expected = forms if isinstance(message.id, tuple) else 1
    return len(said(message)) == expected and all(said(message)) and not message.fuzzy


def keeps_its_places(message: Message) -> bool:
    """Each plural form may say the number in words; none may name what the others do not have."""
    if isinstance(message.id, str):
        return sorted(PLACE.findall(said(message)[0])) == sorted(PLACE.findall(message.id))
    known = {place for one in message.id for place in PLACE.findall(one)}
    places = [set(PLACE.findall(form)) for form in said(message)]
    return all(place <= known for place in places) and places[-1] == known


def test_every_promised_language_is_there():
    assert list(ALL) == PROMISED


def test_the_template_catalogue_holds_the_templates_words_and_no_others():
    assert set(ids(read("messages.pot"))) == extracted()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language):
    read_in = catalogue(language)
    assert set(ids(read_in)) == extracted()
    assert [m.id for m in read_in if m.id and not is_whole(m, read_in.num_plurals)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_places_for_values_and_no_blanks_at_its_ends(language):
    for message in catalogue(language):
        if message.id:
            assert keeps_its_places(message), message.id
            assert all(form == form.strip() for form in said(message)), message.id
            assert list(message.check()) == []


@pytest.mark.parametrize("language", ALL)
def test_the_plural_rule_is_the_languages_own(language):
    number, rule = get_plural(Locale.parse(language, sep="-"))
    [header] = re.findall(r'^"Plural-Forms: (.*)\\n"$', text_of(language), re.MULTILINE)
    assert header == f"nplurals={number}; plural={rule};"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_of_months_is_said_in_every_form(language):
    """The rule that the library counts by, and the strings that the catalogue has, fit together."""
    catalogues = Catalogues()
    for months in range(13):
        form = catalogues.ngettext(language, "%(num)d month", "%(num)d months", months)
        assert form != "%(num)d months"
        assert form % {"num": months}


# What readers of these languages would say. In Arabic the forms follow Babel's rule, whose fifth is for 100 and its like.
COUNTED = {
    "ar": {
        1: "شهر واحد",
        2: "شهران",
        3: "3 أشهر",
        10: "10 أشهر",
        11: "11 شهرًا",
        12: "12 شهرًا",
        100: "100 شهر",
    },
    "cs": {1: "1 měsíc", 4: "4 měsíce", 5: "5 měsíců", 12: "12 měsíců"},
    "pl": {1: "1 miesiąc", 4: "4 miesiące", 5: "5 miesięcy", 12: "12 miesięcy", 22: "22 miesiące"},
    "ro": {1: "1 lună", 2: "2 luni", 12: "12 luni", 20: "20 de luni"},
    "sk": {1: "1 mesiac", 4: "4 mesiace", 5: "5 mesiacov", 12: "12 mesiacov"},
    "uk": {1: "1 місяць", 4: "4 місяці", 5: "5 місяців", 12: "12 місяців", 21: "21 місяць"},
}


@pytest.mark.parametrize("language", COUNTED)
def test_the_form_for_a_number_is_the_one_that_people_say(language):
    catalogues = Catalogues()
    said = {
        months: catalogues.ngettext(language, "%(num)d month", "%(num)d months", months) % {"num": months}
        for months in COUNTED[language]
    }
    assert said == COUNTED[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_carries_nothing_obsolete(language):
    assert not catalogue(language).obsolete


@pytest.mark.parametrize(
    ("message", "forms"),
    [
        (Message("a", ""), 3),
        (Message("a", "b", flags={"fuzzy"}), 3),
        (Message(("%(num)d month", "%(num)d months"), ("%(num)d měsíc", "%(num)d měsíce")), 3),
        (Message(("%(num)d month", "%(num)d months"), ("%(num)d měsíc", "", "%(num)d měsíců")), 3),
    ],
)
def test_a_translation_with_a_gap_is_seen(message, forms):
    assert not is_whole(message, forms)


@pytest.mark.parametrize(
    "message",
    [
        Message("to %(masked)s", "do %(maskd)s"),
        Message("to %(masked)s", "do"),
        Message(("%(num)d month", "%(num)d months"), ("miesiąc", "%(num)d miesiące", "miesięcy")),
        Message(("%(num)d month", "%(num)d months"), ("%(name)s", "%(num)d", "%(num)d")),
    ],
)
def test_a_lost_place_is_seen(message):
    assert not keeps_its_places(message)
