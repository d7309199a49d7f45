"""Faults as people read them. The engine writes for a shell, with backticks and the names of documents."""

import re

from flask import url_for
from markupsafe import Markup, escape

from resign.console.spoken import mark, say

# Only what is caught is kept when a text is split at it.
_PLACE = re.compile(r"(%\([a-z_]+\)[sd])")
_PIECE = re.compile(r"`([^`]+)`|docs/(?:themes|pages)\.md")


def pieces(text: str) -> list[dict[str, str]]:
    """Of the kinds `text`, `code`, and `link`, which says where it leads to."""
    found: list[dict[str, str]] = []
    at = 0
    for each in _PIECE.finditer(text):
        found.append({"kind": "text", "text": text[at : each.start()]})
        if each[1]:
            found.append({"kind": "code", "text": each[1]})
        else:
            there = url_for("reference.reference")
            found.append({"kind": "link", "text": say(mark("the reference")), "to": there})
        at = each.end()
    found.append({"kind": "text", "text": text[at:]})
    return [piece for piece in found if piece["text"]]


def written(text: str, *, leads: bool = True) -> Markup:
    """`leads` is false where no link can be followed."""
    return Markup().join(_written(piece, leads=leads) for piece in pieces(text))


def isolated(text: str) -> Markup:
    """Its places from left to right, also where the words around them are not: `%(name)s`, not `s(name)%`."""
    parts = _PLACE.split(text)
    return Markup().join(
        Markup('<bdi dir="ltr">{}</bdi>').format(part) if _PLACE.fullmatch(part) else part for part in parts
    )


def _written(piece: dict[str, str], *, leads: bool) -> Markup:
    text = escape(piece["text"])
    if piece["kind"] == "code":
        return Markup("<code>{}</code>").format(text)
    if piece["kind"] == "link" and leads:
        return Markup('<a href="{}">{}</a>').format(piece["to"], text)
    return text
