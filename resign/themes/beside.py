"""How an agreement stood in the preference centre: which answer was marked, and what stood beside the question.

Beside it stands what neither answer says, mostly nothing. A form carries both as one word, and so does the decision
that was made by it: `on`, `off`, nothing, `~asked`, `~2027-02-01`; and `off>on`, `>on~asked` where another answer was marked already.
"""

import re
from datetime import UTC, date, datetime

from resign.i18n import Catalogues

_ASKED = "asked"
_WORD = re.compile(r"(?:on|off)?(?:>(?:on|off))?|(?:>(?:on|off))?~(?:asked|[0-9]{4}-[0-9]{2}-[0-9]{2})")
# Texts of templates/public/words.txt.
_SAID_OF_ASKED = "Not on yet: an email asks you to confirm it"
_SAID_OF_A_BREAK = "No emails until %(until)s, then they begin again"


def stood(*, asked: bool = False, until: datetime | None = None) -> str:
    """Of one of which nothing is marked. `asked`: an email asks to confirm it; `until`: on a break, to the end of it."""
    if asked:
        return f"~{_ASKED}"
    return f"~{until.astimezone(UTC).date().isoformat()}" if until else ""


def chosen(word: str, choice: str) -> str:
    """The same after another answer was marked and could not be recorded."""
    _, beside, more = word.partition("~")
    other = f">{choice}" if choice and choice != state(word) else ""
    return f"{state(word)}{other}{beside}{more}"


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


def state(word: str) -> str:
    """How it stood: `on`, `off`, or nothing where neither would be true."""
    return word.partition("~")[0].partition(">")[0]


def marked(word: str) -> str:
    """Which answer was marked, nothing for neither."""
    first, _, other = word.partition("~")[0].partition(">")
    return other or first


def said(word: str, language: str, catalogues: Catalogues) -> str:
    """What stood beside the question, in words."""
    _, _, beside = word.partition("~")
    if beside in {"", _ASKED}:
        return catalogues.gettext(language, _SAID_OF_ASKED) if beside else ""
    until = catalogues.date(date.fromisoformat(beside), language)
    return catalogues.gettext(language, _SAID_OF_A_BREAK) % {"until": until}
