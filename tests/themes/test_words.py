"""Pages persuade nobody, and say only what is true of the state they are shown for."""

import html
import re
import tomllib
from pathlib import Path

import pytest

from resign import paths
from resign.i18n import Catalogues
from resign.themes.checks.guilt import plain
from resign.themes.contexts import PAGE_NAMES

# Requirement B5: guilt, loss, doubt, offers. Whole words, in the pages a person passes on the way out and back.
PERSUASION = {
    "en": r"sorry|sad|miss|missing|lose|losing|regret|unfortunately|are you sure|really|before you go|stay|"
    r"instead|discount|coupon|free|exclusive|reconsider|don.t go|goodbye|reason|why|feedback|survey|log in|sign in",
    "pl": r"szkoda|przykro|żal\w*|s?trac\w+|utra\w+|niestety|na pewno|czy napewno|naprawdę|zanim odejdziesz|zosta[ńc]\w*|"
    r"zamiast|rabat\w*|kupon\w*|darmow\w+|za darmo|wyjątkow\w+|przemyśl\w*|żegnaj\w*|pow[oó]d\w*|dlaczego|ankiet\w*|"
    r"zaloguj\w*",
}


# What each list of guilt must know, and what it must let pass.
SAID = tomllib.loads(Path(__file__).with_name("guilt.toml").read_text("utf-8"))
MANY = 25

QUESTION = {"en": "What was it?", "pl": Catalogues().gettext("pl", "What was it?")}
BREAK = {"en": "Only a break?", "pl": Catalogues().gettext("pl", "Only a break?")}


def words(page) -> str:
    body = re.sub(r"<style>.*?</style>", "", page.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


@pytest.mark.parametrize("language", ["en", "pl"])
def test_no_page_persuades(pages, language):
    for name in PAGE_NAMES:
        said = words(pages.page(name, language, "fern"))
        found = re.search(rf"\b({PERSUASION[language]})\b", said, re.IGNORECASE)
        assert not found, (name, found)


def test_the_check_of_persuasion_can_fail():
    for text in ("We are sorry to see you go", "Before you go: a discount", "You will miss our offers"):
        assert re.search(rf"\b({PERSUASION['en']})\b", text, re.IGNORECASE)
    for text in ("Szkoda, że odchodzisz", "Czy na pewno?", "Stracisz rabaty"):
        assert re.search(rf"\b({PERSUASION['pl']})\b", text, re.IGNORECASE)


def guilt(language: str) -> re.Pattern[str]:
    file = paths.translations() / language.replace("-", "_") / "guilt.txt"
    phrases = [line for line in file.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    assert len(phrases) >= 15
    return re.compile("|".join(rf"(?<!\w)(?:{phrase})(?!\w)" for phrase in phrases), re.IGNORECASE)


@pytest.mark.parametrize("language", Catalogues().languages)
def test_no_page_of_any_language_says_what_its_list_of_guilt_forbids(pages, language):
    pattern = guilt(language)
    for name in PAGE_NAMES:
        assert not pattern.search(words(pages.page(name, language, "fern"))), name


@pytest.mark.parametrize("language", Catalogues().languages)
def test_every_list_of_guilt_knows_what_a_marketer_may_write(language):
    pattern = guilt(language)
    assert len(SAID["pressing"][language]) >= MANY
    assert [said for said in SAID["pressing"][language] if not pattern.search(said)] == []


@pytest.mark.parametrize("language", Catalogues().languages)
def test_no_list_of_guilt_knows_what_is_only_plain(language):
    pattern = guilt(language)
    assert SAID["plain"][language]
    assert [said for said in SAID["plain"][language] if pattern.search(said)] == []


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("ar", "هل أنت متأكّد أنك تريد المغادرة؟"),
        ("ar", "سَنَفْتَقِدُكَ"),
        ("ar", "سنفتـــقدك"),
        ("fr", "Nous sommes de\u0301sole\u0301s"),
        ("pl", "O\u0301 nie! Z\u0307al nam"),
    ],
)
def test_a_phrase_is_known_whichever_way_its_letters_are_written(language, written):
    """Arabic vowels are written or not, a line may be drawn out, and an accent may be a character of its own."""
    assert guilt(language).search(plain(written))


def before_the_button(page) -> str:
    """All that is read before the press, the button's own words with it."""
    body = re.sub(r"<style>.*?</style>", "", page.text, flags=re.DOTALL)
    body = body[body.index("<main") :]
    return words_of(body[: body.index("</button>")])


ASKING_FIRST = ("optout", "preferences", "preferences-trouble", "trouble-press", "undone", "confirm")


@pytest.mark.parametrize("language", ["en", "pl"])
def test_no_question_stands_before_the_button(pages, language):
    """B1, B2: who is asked anything first has one more thing to get past."""
    shipped = [words_of(text) for text in (QUESTION[language], BREAK[language])]
    assert all(
        text in words(pages.page("done" if at == 0 else "optout", language, "fern"))
        for at, text in enumerate(shipped)
    )
    for name in ASKING_FIRST:
        said = before_the_button(pages.page(name, language, "fern"))
        assert not [text for text in shipped if text in said], name
        assert "?" not in said, name


def test_nothing_comes_between_the_question_of_who_and_the_button(pages):
    text = pages.page("optout", "en", "fern").text
    between = text[text.index("</h1>") : text.index("<form")]
    assert words_of(between) == "From Fjord & Fern Ltd to {{masked}}"


def words_of(fragment: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", fragment)).split())


def test_the_done_page_says_what_stops_what_goes_on_from_when_who_and_which(pages):
    said = words(pages.page("done", "en", "fern"))
    for part in (
        "What stops Newsletters, offers and all other marketing emails from this sender.",
        "What goes on Emails about what you ordered or asked for",
        "order confirmations",
        "Recorded {{recorded_at}}",
        "Reference {{reference}}",
        "The mailing system is being told now",
        "For 48 hours at most.",
        "Sender: Fjord & Fern Ltd",
        "Keep a copy",
        "This was a mistake: keep sending me emails",
    ):
        assert part in said, part


def test_only_the_confirmed_page_says_confirmed_and_only_with_its_time(pages):
    for name in PAGE_NAMES:
        for language in ("en", "pl"):
            page = pages.page(name, language, "fern")
            assert ("{{confirmed_at}}" in page.text) == name.startswith(("out-confirmed", "rest-confirmed"))
        said = words(pages.page(name, "en", "fern"))
        assert ("Confirmed by the mailing system" in said) == name.startswith(
            ("out-confirmed", "rest-confirmed")
        )


def test_while_the_mailing_system_cannot_be_told_the_page_does_not_call_it_done(pages):
    for name in ("out-delayed", "out-delayed-undo"):
        said = words(pages.page(name, "en", "fern"))
        assert "You are already out" not in said
        assert "emails may still arrive" in said


@pytest.mark.parametrize("name", ["trouble", "trouble-press", "error"])
def test_trouble_is_never_called_done(pages, name):
    said = words(pages.page(name, "en", "fern"))
    assert "you are not out yet" in said.lower()
    assert "You are out" not in said
    assert "Recorded" not in said


def test_synerise_is_the_mailing_system_to_people(pages):
    for page in pages:
        assert "synerise" not in page.text.lower()
        assert "unsubscribe" not in page.text.lower()
