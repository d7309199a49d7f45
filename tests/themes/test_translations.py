"""Every word of the templates is in the template catalogue, and translated in every language."""

import re

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from resign import paths
from resign.i18n import SOURCE, Catalogues

LANGUAGES = [language for language in Catalogues().languages if language != SOURCE]
PLACE = re.compile(r"%\((\w+)\)s")


def extracted() -> set[str]:
    with (paths.translations() / "babel.cfg").open(encoding="utf-8") as settings:
        methods, options = parse_mapping_cfg(settings)
    found = extract_from_dir(paths.templates() / "public", method_map=methods, options_map=options)
    return {message for _, _, message, _, _ in found}


def read(name: str, language: str | None = None):
    with (paths.translations() / name).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def catalogue(language: str):
    return read(f"{language.replace('-', '_')}/LC_MESSAGES/messages.po", language)


def test_the_template_catalogue_holds_the_templates_words_and_no_others():
    assert {message.id for message in read("messages.pot") if message.id} == extracted()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language):
    messages = [message for message in catalogue(language) if message.id]
    assert {message.id for message in messages} == extracted()
    assert [message.id for message in messages if not message.string or message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_places_for_values_and_no_blanks_at_its_ends(language):
    for message in catalogue(language):
        if message.id:
            assert sorted(PLACE.findall(message.string)) == sorted(PLACE.findall(message.id)), message.id
            assert message.string == message.string.strip()
            assert list(message.check()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_carries_nothing_obsolete(language):
    assert not catalogue(language).obsolete
