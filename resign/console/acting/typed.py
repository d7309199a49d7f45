"""What somebody typed into an act's form; all of it comes back with the page, whatever was wrong."""

from collections.abc import Mapping

from flask import request

from resign.acting.seen import Seen

# Longer than any field may be, so that it is said to be too long; no page needs to carry more of it.
_MOST_CHARACTERS = 20_000


def typed(**usual: str) -> Mapping[str, str]:
    """By field what was sent, of a page that is opened what usually stands there."""
    given = request.form if request.method == "POST" else {}
    return {name: given.get(name, text)[:_MOST_CHARACTERS] for name, text in usual.items()}


def chosen(name: str) -> tuple[str, ...]:
    """What is marked of several, each once and in the order in which it came."""
    return tuple(dict.fromkeys(request.form.getlist(name)))


def seen() -> Seen:
    return Seen.of(request.form.get("seen", ""))
