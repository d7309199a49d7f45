"""No page presses on those who leave: a list of phrases for each language, `translations/<language>/guilt.txt`, and no offers."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from resign import paths
from resign.themes.checks.shown import Shown
from resign.themes.fault import Fault
from resign.themes.manifest import FILE, line_of

_REMEDY = "Say what the button does, and nothing of how you feel about it."
# Unicode's format characters: a soft hyphen, a joiner, a blank of no width, a change of direction.
_UNSEEN = {"Cf"}
# Arabic vowels, the doubling of a letter, and the stroke that draws a word out: written or not, the word is the same.
_LEFT_OUT = {"\u0640", *map(chr, range(0x064B, 0x0653)), "\u0670"}
# Whatever the language, a number of percent is what somebody is to stay for.
_OFFER = r"\d\s*[%٪]|[%٪]\s*\d"


def faults(shown: Shown) -> Iterator[Fault]:
    phrases = _phrases(shown.page.language)
    if phrases is None:
        return
    for piece in shown.tree.pieces():
        # A sender is called what it is called.
        if found := phrases.search(plain(piece).replace(plain(shown.brand.sender.name), " ")):
            yield _placed(shown, found[0], piece)
    if found := phrases.search(plain(shown.theme.logo_alt)):
        yield Fault(where=FILE, what=_what(found[0]), remedy=_REMEDY, line=None)


def plain(text: str) -> str:
    """As it is read: without soft hyphens, joiners and whatever else takes no room, each accent on its letter."""
    seen = (each for each in unicodedata.normalize("NFC", text) if unicodedata.category(each) not in _UNSEEN)
    return " ".join("".join(each for each in seen if each not in _LEFT_OUT).split())


def _what(phrase: str) -> str:
    return f"“{phrase[:80]}” presses on those who leave"


def _placed(shown: Shown, phrase: str, piece: str) -> Fault:
    what = _what(phrase)
    file = f"texts/{shown.page.language}.toml"
    for source, own in shown.theme.texts.get(shown.page.language, {}).items():
        if phrase.lower() in plain(own).lower():
            return Fault(
                where=file, what=what, remedy=_REMEDY, line=line_of(source, shown.texts[file]),
                page=shown.page.name, language=shown.page.language,
            )  # fmt: skip
    return shown.fault(what, _REMEDY, phrase, piece)


@lru_cache(maxsize=64)
def _phrases(language: str) -> re.Pattern[str] | None:
    """One regular expression a line; None for a language without a list."""
    file = paths.translations() / language.replace("-", "_") / "guilt.txt"
    if not file.is_file():
        return None
    lines = [line.strip() for line in file.read_text("utf-8").splitlines()]
    phrases = [rf"(?<!\w)(?:{line})(?!\w)" for line in lines if line and not line.startswith("#")]
    return re.compile("|".join([*phrases, _OFFER]), re.IGNORECASE) if phrases else None
