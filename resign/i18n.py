"""Languages: which there are, how each says a message and a moment, and which one a person gets."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_datetime_format
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import Translations

from resign import paths

SOURCE = "en"

# An Accept-Language header is a stranger's text: more of it than this is not read.
_MOST_CHARACTERS = 1000
_MOST_RANGES = 32
_RANGE = re.compile(
    r"\s*([a-z]{1,8}(?:-[a-z0-9]{1,8}){0,7})\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?",
    re.ASCII | re.IGNORECASE,
)


class Catalogues:
    """Every language that has a catalogue, named by its tag: `en`, `pl`, `pt-BR`.

    The `.po` files are compiled in memory, so there is no `.mo` file that could be older than its source.
    """

    languages: tuple[str, ...]

    def __init__(self, folder: Path | None = None, *, domain: str = "messages") -> None:
        """`domain`: what is said, as gettext calls it: the public pages' `messages`, or the `console`."""
        files = sorted((folder or paths.translations()).glob(f"*/LC_MESSAGES/{domain}.po"))
        # Read at once, so that all are of one release; compiled when somebody reads that language.
        self._sources = {_tag(file.parent.parent.name): file.read_bytes() for file in files}
        self._compiled: dict[str, Translations] = {}
        self.languages = tuple(sorted(self._sources))
        self._folded = {language.lower(): language for language in self.languages}
        if not self.languages:
            raise LookupError(f"there is no catalogue: translations/<language>/LC_MESSAGES/{domain}.po")

    def gettext(self, language: str, message: str) -> str:
        return self._catalogue(language).gettext(message)

    def ngettext(self, language: str, one: str, many: str, count: int) -> str:
        return self._catalogue(language).ngettext(one, many, count)

    def choose(
        self, *, asked: str | None, remembered: str | None, accepted: Sequence[str] | str, default: str
    ) -> str:
        """What the link or the switcher asks for, else what the profile is known to read, else what the
        browser accepts (the raw header, or its languages in order), else the workspace's. Never raises:
        three of the four are a stranger's text.
        """
        wishes = _ranges(accepted) if isinstance(accepted, str) else accepted
        for wish in (asked, remembered, *wishes, default, SOURCE):
            if wish and (language := self._nearest(wish)):
                return language
        return self.languages[0]

    def direction(self, language: str) -> str:
        """`ltr` or `rtl`, as the `dir` attribute says it."""
        return "rtl" if _locale(language).character_order == "right-to-left" else "ltr"

    def name(self, language: str) -> str:
        """The language's name in that language: English, polski."""
        return _locale(language).get_display_name() or language

    def moment(self, at: datetime, language: str) -> str:
        """To the minute and in UTC: `22 November 2026, 15:48 UTC`. `at` must carry its time zone."""
        if at.tzinfo is None:
            raise ValueError("a time without a time zone")
        return _moment(at.astimezone(UTC).replace(second=0, microsecond=0), language)

    def day(self, at: datetime, language: str) -> str:
        """A date in UTC: `1 February 2027`. `at` must carry its time zone."""
        if at.tzinfo is None:
            raise ValueError("a time without a time zone")
        return _day(at.astimezone(UTC).date(), language)

    def date(self, day: date, language: str, parts: str = "") -> str:
        """A day of whatever zone: `4 May 2026`; or only `parts` of it as CLDR names them, `yMMMM` for `May 2026`."""
        if not parts:
            return _day(day, language)
        return format_skeleton(parts, day, locale=_said_in(language))

    def number(self, number: float, language: str) -> str:
        return format_decimal(number, locale=_said_in(language))

    def percent(self, share: float, language: str) -> str:
        """To a tenth: `12.5%`."""
        return format_percent(share, "#,##0.0%", locale=_said_in(language))

    def _catalogue(self, language: str) -> Translations:
        compiled = self._compiled.get(language)
        if compiled is None:
            compiled = self._compiled[language] = _compiled(self._sources[language], language)
        return compiled

    def _nearest(self, wish: str) -> str | None:
        """The language itself, else the same one less exactly (pl-PL: pl), else with a region (pt: pt-BR)."""
        subtags = wish[:64].strip().replace("_", "-").lower().split("-")
        for length in range(len(subtags), 0, -1):
            if language := self._folded.get("-".join(subtags[:length])):
                return language
        return next((self._folded[tag] for tag in self._folded if tag.split("-")[0] == subtags[0]), None)


def _tag(folder: str) -> str:
    return folder.replace("_", "-")


# Whoever speaks the same languages in one process, the console beside the pages say, compiles them once.
@lru_cache(maxsize=64)
def _compiled(source: bytes, language: str) -> Translations:
    catalogue = read_po(BytesIO(source), locale=language.replace("-", "_"), abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def _ranges(header: str) -> list[str]:
    """The header's languages, best first; what cannot be read, or is refused with `q=0`, is left out."""
    found = []
    for part in header[:_MOST_CHARACTERS].split(",")[:_MOST_RANGES]:
        read = _RANGE.fullmatch(part)
        if read and (weight := float(read[2] or 1)) > 0:
            found.append((min(weight, 1.0), read[1]))
    return [language for _, language in sorted(found, key=lambda row: -row[0])]


@lru_cache(maxsize=256)
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def _said_in(language: str) -> Locale:
    # Plain `en` would put the month first, as only the United States do; plain `pt` is Brazil's, our words are Portugal's.
    regions = {SOURCE: "001", "pt": "PT"}
    return Locale(language, regions[language]) if language in regions else _locale(language)


def _day(day: date, language: str) -> str:
    said = format_date(day, "long", _said_in(language))
    # French counts the first of a month and no other day, and CLDR's patterns cannot say so.
    return f"1er{said[1:]}" if day.day == 1 and _locale(language).language == "fr" else said


# The pages of one minute say the same moment, so nearly all of them find it here.
@lru_cache(maxsize=1024)
def _moment(minute: datetime, language: str) -> str:
    locale = _said_in(language)
    date = _day(minute.date(), language)
    time = format_time(minute.time(), "HH:mm", locale=locale)
    glue = str(get_datetime_format("medium", locale=locale)).replace("'", "")
    return f"{glue.replace('{1}', date).replace('{0}', time)} UTC"
