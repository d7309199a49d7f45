"""Which language a person gets, and how a language says a moment and its own name."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from resign.i18n import Catalogues

CHOICES = [
    # asked, remembered, accepted, default, chosen
    ("pl", "en", "en", "en", "pl"),
    ("PL", None, "", "en", "pl"),
    ("pl-PL", None, "", "en", "pl"),
    ("pl_PL", None, "", "en", "pl"),
    (None, "pl", "en", "en", "pl"),
    ("xx", "pl", "en", "en", "pl"),
    ("", "", "pl", "en", "pl"),
    (None, None, "pl", "en", "pl"),
    (None, None, "pl-PL,pl;q=0.9,en;q=0.8", "en", "pl"),
    (None, None, "ja,pl;q=0.5,en;q=0.9", "pl", "en"),
    (None, None, "ja, ko", "pl", "pl"),
    (None, None, "en;q=0, pl;q=0.1", "en", "pl"),
    (None, None, "en;q=0.5,pl;q=0.5", "pl", "en"),
    (None, None, "PL ; q = 0.7", "en", "pl"),
    (None, None, ["ja", "pl"], "en", "pl"),
    (None, None, [], "pl", "pl"),
    (None, None, "*", "pl", "pl"),
    (None, None, "", "ja", "en"),
    (None, None, "", "", "en"),
    ("ja", None, "pl", "en", "pl"),
]
HOSTILE = [
    "pl;q=1e999",
    "pl;q=nan",
    "pl;q=-1",
    "pl;q=\uff19",
    "\x00\x01\xff",
    "\u202elp",
    "../../../etc/passwd",
    "pl\r\nSet-Cookie: a=b",
    ";;;,,,;q=,",
    "a-" * 5000,
    "x," * 100_000,
    "x" * 1_000_000,
    "\uff50\uff4c",
    "\ud800",
]


@pytest.mark.parametrize(("asked", "remembered", "accepted", "default", "chosen"), CHOICES)
def test_the_nearest_wish_that_can_be_met_wins(catalogues, asked, remembered, accepted, default, chosen):
    choice = catalogues.choose(asked=asked, remembered=remembered, accepted=accepted, default=default)
    assert choice == chosen


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("place", ["asked", "remembered", "accepted", "default"])
def test_a_strangers_text_chooses_a_language_or_nothing(catalogues, place, text):
    wishes = {"asked": None, "remembered": None, "accepted": "", "default": "en"} | {place: text}
    assert catalogues.choose(**wishes) in catalogues.languages


def test_a_hostile_header_does_not_hide_what_is_well_said(catalogues):
    header = "€, en;q=x, ;, pl;q=0.3, " + "y" * 5000
    assert catalogues.choose(asked=None, remembered=None, accepted=header, default="en") == "pl"


def test_a_language_with_a_region_is_met_from_either_side(tmp_path: Path):
    for folder in ("pt_BR", "en"):
        file = tmp_path / folder / "LC_MESSAGES" / "messages.po"
        file.parent.mkdir(parents=True)
        file.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n')
    catalogues = Catalogues(tmp_path)
    assert catalogues.languages == ("en", "pt-BR")
    for wish in ("pt", "pt-br", "pt_BR", "pt-PT"):
        assert catalogues.choose(asked=wish, remembered=None, accepted="", default="en") == "pt-BR"
    assert catalogues.name("pt-BR") == "português (Brasil)"


def test_a_moment_is_said_to_the_minute_in_utc(catalogues):
    at = datetime(2026, 11, 22, 16, 48, 59, tzinfo=timezone(timedelta(hours=1)))
    assert catalogues.moment(at, "en") == "22 November 2026, 15:48 UTC"
    assert catalogues.moment(at, "pl") == "22 listopada 2026, 15:48 UTC"
    assert catalogues.moment(datetime(2026, 3, 1, tzinfo=UTC), "en") == "1 March 2026, 00:00 UTC"


def test_the_first_of_a_month_is_said_as_people_say_it(catalogues):
    """In French the first is an ordinal, which the library's patterns do not know."""
    first, second = datetime(2027, 2, 1, 5, 8, tzinfo=UTC), datetime(2027, 2, 2, tzinfo=UTC)
    assert catalogues.day(first, "fr") == "1er février 2027"
    assert catalogues.date(first.date(), "fr") == "1er février 2027"
    assert catalogues.moment(first, "fr") == "1er février 2027, 05:08 UTC"
    assert catalogues.day(second, "fr") == "2 février 2027"
    assert catalogues.day(first.replace(day=11), "fr") == "11 février 2027"
    assert catalogues.date(first.date(), "fr", "yMMMM") == "février 2027"
    assert catalogues.day(first, "es") == "1 de febrero de 2027"


def test_portuguese_is_said_as_in_portugal_where_its_words_come_from(catalogues):
    at = datetime(2026, 11, 22, 15, 48, tzinfo=UTC)
    assert catalogues.moment(at, "pt") == "22 de novembro de 2026, 15:48 UTC"


# Of one day, and the digest of all days of a leap year.
SAID_SO_FAR = {
    "ar": ("6 فبراير 2028، 15:48 UTC", "7b0a818cfea6fbc9"),
    "cs": ("6. února 2028 15:48 UTC", "44ebab2489c57b61"),
    "de": ("6. Februar 2028, 15:48 UTC", "4e1f443fd2aed5bc"),
    "en": ("6 February 2028, 15:48 UTC", "c34d3770674baa51"),
    "es": ("6 de febrero de 2028, 15:48 UTC", "5c7148170a0bf60d"),
    "fr": ("6 février 2028, 15:48 UTC", "50b5cfc9cd8a6ccf"),
    "hu": ("2028. február 6. 15:48 UTC", "ce937ace720fd5e6"),
    "it": ("6 febbraio 2028, 15:48 UTC", "c752621364accb87"),
    "nl": ("6 februari 2028, 15:48 UTC", "d4bbd4e87255c5e9"),
    "pl": ("6 lutego 2028, 15:48 UTC", "9635732a76cc16c4"),
    "pt": ("6 de fevereiro de 2028, 15:48 UTC", "33d7c41625154dcc"),
    "ro": ("6 februarie 2028, 15:48 UTC", "293759cf145f62a8"),
    "sk": ("6. februára 2028, 15:48 UTC", "fb0556469c870022"),
    "sv": ("6 februari 2028 15:48 UTC", "e74a1e51c720864e"),
    "uk": ("6 лютого 2028\u202f\u0440., 15:48 UTC", "506a8402de43a392"),
}


def test_what_a_page_said_of_a_time_is_said_the_same_for_ever(catalogues):
    """C2: a page that somebody saw is filled again with times that are worked out anew.

    Another Babel that says them otherwise, in a single month of a single language, changes what old pages are shown to
    have said. It has to be told the former way, in `Catalogues`.
    """
    first = datetime(2028, 1, 1, 15, 48, tzinfo=UTC)
    days = [first + timedelta(days=number) for number in range(366)]
    for language in catalogues.languages:
        said = "\n".join(
            f"{catalogues.moment(day, language)} {catalogues.day(day, language)}" for day in days
        )
        digest = hashlib.sha256(said.encode()).hexdigest()[:16]
        assert (catalogues.moment(days[36], language), digest) == SAID_SO_FAR[language]


def test_a_moment_without_a_time_zone_is_refused(catalogues):
    with pytest.raises(ValueError, match="time zone"):
        catalogues.moment(datetime(2026, 11, 22), "en")  # noqa: DTZ001 - the point


def test_each_language_knows_its_name_and_direction(world):
    assert world.languages == ("ar", "en", "pl")
    assert [world.name(language) for language in world.languages] == ["العربية", "English", "polski"]
    assert [world.direction(language) for language in world.languages] == ["rtl", "ltr", "ltr"]


def test_no_catalogue_at_all_is_said_at_start(tmp_path: Path):
    with pytest.raises(LookupError, match="no catalogue"):
        Catalogues(tmp_path)
