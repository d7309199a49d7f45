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
# Unicode's format characters: a soft hyphen, a joiner, a blank of no width, a change of direction. And what lies over,
# under or around a letter and has not become one with it; Arabic vowels, too: written or not, the word is the same.
_UNSEEN = {"Cf", "Mn", "Me"}
# The stroke that draws an Arabic word out, and letters and signs that are drawn as nothing.
_LEFT_OUT = {"\u0640", "\u115f", "\u1160", "\u3164", "\uffa0", "\u2800"}
# Whatever the language, a number of percent is what somebody is to stay for.
_OFFER = r"\d\s*[%٪]|[%٪]\s*\d"
# Letters of other alphabets that are drawn like a Latin one.
_LATIN = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u0432\u043a\u043c\u0442"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405"
    "\u03bf\u03b1\u03bd\u03c1\u03c4\u03c5\u03b9\u03ba\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
    "aeopcyxijshdbkmtABEKMHOPCTYXIJSoavptuikABEZHIKMNOPTYX",
)
_CYRILLIC = str.maketrans("aeopcyxi", "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456")
_IN_CYRILLIC = {"uk"}
_SPELLED = re.compile(r"(?<!\w)(?:\w[\s.\-_*\u00b7]+){2,}\w(?!\w)")
# Another language's phrase is one if it can hardly be anything else: some words, not one.
_LEAST_OF_ANOTHER = 12


def faults(shown: Shown) -> Iterator[Fault]:
    own = _phrases(shown.page.language)
    if own is None:
        return
    name, pieces = shown.brand.sender.name, shown.tree.pieces()
    told = False
    for piece in pieces:
        if found := _pressing(piece, name, shown.page.language) or _in_another(piece, name):
            told = True
            yield _placed(shown, found, piece)
    # What is broken into lines is read on.
    if not told and (found := _pressing(" ".join(pieces), name, shown.page.language)):
        yield _placed(shown, found, "")
    if alone := own.search(plain(shown.theme.logo_alt)):
        yield Fault(where=FILE, what=_what(alone[0]), remedy=_REMEDY, line=None)


def plain(text: str) -> str:
    """As it is read: without soft hyphens, joiners and whatever else takes no room, each accent on its letter.

    Letters that are drawn wider or as mathematicians draw them are the letters.
    """
    seen = (each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) not in _UNSEEN)
    return " ".join("".join(each for each in seen if each not in _LEFT_OUT).split())


def _readings(text: str, language: str) -> list[str]:
    """The text, and what it looks like: in letters of one alphabet, with words that are spelled out put together."""
    said = plain(text)
    together = _SPELLED.sub(lambda word: "".join(each for each in word[0] if each.isalnum()), said)
    alike = said.translate(_CYRILLIC if language in _IN_CYRILLIC else _LATIN)
    return list(dict.fromkeys((said, alike, together)))


@lru_cache(maxsize=4096)
def _pressing(text: str, name: str, language: str, *, closely: bool = True) -> str | None:
    """A sender is called what it is called: what lies within its name presses on nobody."""
    phrases = _phrases(language)
    if phrases is None:
        return None
    called = plain(name)
    for said in _readings(text, language) if closely else [plain(text)]:
        spans = [
            each.span()
            for each in (
                re.finditer(rf"(?<!\w){re.escape(called)}(?!\w)", said, re.IGNORECASE) if called else ()
            )
        ]
        for found in phrases.finditer(said):
            if not any(begin <= found.start() and found.end() <= end for begin, end in spans):
                return found[0]
    return None


@lru_cache(maxsize=4096)
def _in_another(text: str, name: str) -> str | None:
    for language in _languages():
        found = _pressing(text, name, language, closely=False)
        if found and " " in found and len(found) >= _LEAST_OF_ANOTHER:
            return found
    return None


@lru_cache(maxsize=1)
def _languages() -> tuple[str, ...]:
    return tuple(sorted(file.parent.name for file in paths.translations().glob("*/guilt.txt")))


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
