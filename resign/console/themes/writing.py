"""Faults as people read them. The engine writes for a shell, with backticks and the names of documents."""

import re

from flask import url_for

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


def places(text: str) -> list[tuple[str, bool]]:
    """A text in parts, and of each whether it is a place such as `%(name)s`."""
    return [(part, _PLACE.fullmatch(part) is not None) for part in _PLACE.split(text)]
