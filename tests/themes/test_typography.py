"""Each language sets its quotes, blanks and signs as its readers expect."""

import re
import unicodedata

import pytest

from tests.themes.test_translations import LANGUAGES, PLACE, catalogue, said

# Addresses are written the same in every language.
_ADDRESS = re.compile(r"\S+@\S+[\w]")
_QUOTES = {
    "ar": "«»", "cs": "„“", "de": "„“", "es": "«»", "fr": "«»", "hu": "„”", "it": "«»", "nl": "“”",
    "pl": "„”", "pt": "«»", "ro": "„”", "sk": "„“", "sv": "””", "uk": "«»",
}  # fmt: skip


def faults(language: str, text: str) -> list[str]:
    bare = PLACE.sub("0", _ADDRESS.sub("0", text))
    return [
        fault
        for fault, found in {
            "a straight quote or apostrophe": bool(re.search("[\"']", bare)),
            "quotes of another language": bool(set(re.findall("[«»„“”]", bare)) - set(_QUOTES[language])),
            "three dots, or two blanks": bool(re.search(r"\.\.|…|\s\s", bare)),
            "a character that is not seen": any(unicodedata.category(each) == "Cf" for each in bare),
            "letters and their signs apart": unicodedata.normalize("NFC", text) != text,
            "a blank that may break before a French sign": language == "fr"
            and bool(re.search(r"(?<!\u00a0)[:»]|(?<!\u202f)[;!?]|«(?!\u00a0)", bare)),
            "a blank before a sign": language != "fr" and bool(re.search(r"\s[:;!?.,؟،؛]", bare)),
            "a cedilla for a comma": language == "ro" and bool(re.search("[şţŞŢ]", bare)),
            "a Latin sign in Arabic": language == "ar" and bool(re.search("[,;?%]", bare)),
            "Latin letters in Cyrillic": language == "uk" and bool(re.search("[a-zA-Z]", bare)),
        }.items()
        if found
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_set_as_its_language_is(language):
    wrong = {
        form: found
        for message in catalogue(language)
        if message.id
        for form in said(message)
        if (found := faults(language, form))
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Rien n'a changé"),
        ("fr", "Une pause ?"),
        ("fr", "Expéditeur : %(name)s"),
        ("fr", "«Merci»"),
        ("de", "“Bitte”"),
        ("de", "Absender : %(name)s"),
        ("pl", "Proszę…"),
        ("pl", "Wypisz  mnie"),
        ("sv", "Av\u00adregistrera"),
        ("cs", "Odhla\u0301sit"),
        ("ro", "Opţiuni"),
        ("ar", "لم يصل شيء?"),
        ("ar", "نعم, أريد"),
        ("uk", "Лист i посилання"),
    ],
)
def test_a_text_that_is_set_otherwise_is_seen(language, text):
    assert faults(language, text)
