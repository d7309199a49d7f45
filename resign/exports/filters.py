"""A query as it may be kept and read by others: its filters, and of a person nothing but that one was named."""

import re
from collections.abc import Iterable, Iterator

from resign.search.query import Query

_HIDDEN = "•••"
_ADDRESS = re.compile(r"\S*@\S*")
_CHOICES = {"opt-out": "out", "opt-in": "in"}


def filters_of(query: Query) -> str:
    """As it could be typed again, without what may name somebody; empty where everything is meant."""
    return " ".join(_terms(query))


def without_addresses(text: str) -> str:
    """Words that somebody typed, as far as they may be shown to others."""
    return _ADDRESS.sub(_HIDDEN, text)


def _terms(query: Query) -> Iterator[str]:
    yield from (f"{profile.kind}:{_HIDDEN}" for profile in query.profiles)
    yield from (f"part:{_HIDDEN}" for _ in query.words)
    if query.surely:
        yield f"reference:{_HIDDEN}"
    for name, values in query.marks.items():
        yield from _each(name, (_CHOICES.get(value, value) for value in values))
    yield from _each("state", query.states)
    yield from _each("reason", query.reasons)
    yield from _each("workspace", query.workspaces)
    if query.after:
        yield f"after:{query.after:%Y-%m-%d}"
    if query.before:
        yield f"before:{query.before:%Y-%m-%d}"


def _each(name: str, values: Iterable[str]) -> Iterator[str]:
    for value in values:
        said = f'"{value}"' if " " in value else value
        yield f"{name}:{_HIDDEN if '@' in value else said}"
