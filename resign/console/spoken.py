"""What the console says in the reader's language: the switcher's wish, else the browser's."""

from datetime import datetime
from urllib.parse import urlencode

from flask import g, request

from resign.console.desk import desk
from resign.i18n import SOURCE


def choose_language() -> None:
    wish = request.args.get("l")
    g.language = desk().words.choose(
        asked=wish, remembered=None, accepted=request.headers.get("Accept-Language", ""), default=SOURCE
    )
    # Nothing is remembered between two requests, so a wish goes along in every address.
    g.wished = g.language if wish else None


def language() -> str:
    return str(g.get("language", SOURCE))


def here_in(tag: str) -> str:
    """This page in another language, with all that its address says otherwise."""
    others = [(name, value) for name, value in request.args.items(multi=True) if name != "l"]
    return "?" + urlencode([*others, ("l", tag)])


def mark(message: str) -> str:
    """Nothing but a sign for the catalogue: this is said later, by `say`."""
    return message


def say(message: str, **values: object) -> str:
    said = desk().words.gettext(language(), message)
    return said % values if values else said


def moment(at: datetime) -> str:
    return desk().words.moment(at, language())
