"""How an agreement stood in the preference centre: which answer was marked, and what stood beside the question.

Beside it stands what neither answer says, mostly nothing. A form carries both as one word, and so does the decision
that was made by it: `on`, `off`, ``, `off~asked`, `~2027-02-01`.
"""

import re
from datetime import UTC, date, datetime

from resign.i18n import Catalogues

_ASKED = "asked"
_WORD = re.compile(r"(on|off)?(?:~(asked|[0-9]{4}-[0-9]{2}-[0-9]{2}))?")
# Texts of templates/public/words.txt.
_SAID_OF_ASKED = "Not on yet: an email asks you to confirm it"
_SAID_OF_A_BREAK = "No emails until %(until)s, then they begin again"


def stood(state: str, *, asked: bool = False, until: datetime | None = None) -> str:
    """`state` is `on`, `off` or nothing. `asked`: an email asks to confirm it; `until`: on a break, to the end of it."""
    beside = until.astimezone(UTC).date().isoformat() if until else _ASKED if asked else ""
    return f"{state}~{beside}" if beside else state


def checked(word: str | None) -> str:
    """The word as it came in a form; nothing for what is none."""
    if word is None or not _WORD.fullmatch(word):
        return ""
    _, _, beside = word.partition("~")
    if beside and beside != _ASKED:
        try:
            date.fromisoformat(beside)
        except ValueError:
            return ""
    return word


def marked(word: str) -> str:
    """`on`, `off`, or nothing where neither was marked."""
    return word.partition("~")[0]


def said(word: str, language: str, catalogues: Catalogues) -> str:
    """What stood beside the question, in words."""
    _, _, beside = word.partition("~")
    if beside in {"", _ASKED}:
        return catalogues.gettext(language, _SAID_OF_ASKED) if beside else ""
    until = catalogues.date(date.fromisoformat(beside), language)
    return catalogues.gettext(language, _SAID_OF_A_BREAK) % {"until": until}
