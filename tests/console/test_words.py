"""The console's own words: each is in its catalogue, and in Polish too; each page and template has a name for people."""

import re

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from resign import paths
from resign.console.door import sentences
from resign.console.themes.names import PAGES, SAMPLES, template_name
from resign.staff import refusals
from resign.themes import samples
from resign.themes.contexts import PAGE_NAMES
from resign.themes.source import changeable

PLACE = re.compile(r"%\((\w+)\)[sd]")


Text = str | tuple[str, ...]


def extracted() -> set[Text]:
    with (paths.translations() / "console.cfg").open(encoding="utf-8") as settings:
        methods, options = parse_mapping_cfg(settings)
    keywords = {"gettext": None, "ngettext": (1, 2), "mark": None, "say": None}
    folders = (paths.templates() / "console", paths.migrations().parent / "console")
    return {
        message
        for folder in folders
        for _, _, message, _, _ in extract_from_dir(folder, methods, options, keywords)
    }


def read(name: str, language: str | None = None):
    with (paths.translations() / name).open("rb") as file:
        return [message for message in read_po(file, locale=language, abort_invalid=True) if message.id]


def test_the_catalogue_holds_the_consoles_words_and_no_others():
    assert {message.id for message in read("console.pot")} == extracted()


def test_every_word_is_said_in_polish_with_the_same_places():
    messages = read("pl/LC_MESSAGES/console.po", "pl")
    assert {message.id for message in messages} == extracted()
    for message in messages:
        assert not message.fuzzy, message.id
        places = {tuple(sorted(PLACE.findall(text))) for text in forms(message.id)}
        for text in forms(message.string):
            assert text, message.id
            assert tuple(sorted(PLACE.findall(text))) in places, message.id


def forms(text: Text) -> tuple[str, ...]:
    """One, or as many as the language has for numbers."""
    return (text,) if isinstance(text, str) else text


def test_every_page_every_sample_and_every_template_has_a_name_for_people():
    assert {name for pages in PAGES.values() for name in pages} == set(PAGE_NAMES)
    assert set(SAMPLES) == set(samples.SAMPLES)
    assert not [name for name in changeable() if not template_name(name)]


def test_whatever_an_account_is_refused_with_can_be_said():
    assert sentences.SENTENCES == refusals.SENTENCES
