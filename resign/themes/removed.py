"""What the list of what is allowed has taken out of a page, so that nothing disappears without a word."""

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

import html5lib

# A page as shipped has some two hundred; the parsers need more than linear time for what is nested deeper.
MOST_ELEMENTS = 3000
_MOST_NAMED = 20
# A parser leaves these out of a part of a page by itself, and puts the last where it is missing.
_AROUND = ("html", "head", "body")
# And these where they stand outside of what they are parts of.
_PARTS = tuple("frameset frame caption col colgroup tfoot td th thead tr".split())
# What is no element: an instruction to another program, and `<!` but for a comment.
_OTHERS = (("?…?", re.compile(r"<\?")), ("!…", re.compile(r"<!(?!--)")))
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SILENT = {*_AROUND, "tbody"}

_Found = tuple[str, str, str]


def removed(raw: str, held: str) -> list[_Found]:
    """Element, attribute and value; the last two empty for an element that is gone as a whole."""
    tags = _tags(raw)
    without = _COMMENT.sub("", raw) if "<!--" in raw else raw
    others = [(name, "", "") for name, begins in _OTHERS if begins.search(without)]
    if tags == _tags(held) and "<!" not in raw and not others:
        return []
    before, after = _elements(raw), _elements(held)
    gone = before - after
    lost = {tag for tag, attribute, _ in gone if not attribute}
    found = [(tag, "", "") for tag in _AROUND if tags[tag, "", ""]] + others
    found += [(tag, "", "") for tag in _PARTS if tags[tag, "", ""] > before[tag, "", ""]]
    found += [
        row
        for row in gone
        if not row[1] or row[0] not in lost or before[row[0], "", ""] > gone[row[0], "", ""]
    ]
    return sorted(found)[:_MOST_NAMED]


def _tags(text: str) -> Counter[_Found]:
    reading = _Reading()
    reading.feed(text)
    reading.close()
    return reading.found


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[_Found] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[tag, "", ""] += 1
        self.found.update((tag, name, value or "") for name, value in attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)


def _elements(text: str) -> Counter[_Found]:
    tree: Any = html5lib.parseFragment(text, namespaceHTMLElements=False)
    found: Counter[_Found] = Counter()
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in {"DOCUMENT_FRAGMENT", *_SILENT}:
            continue
        tag = _plain(element.tag)
        found[tag, "", ""] += 1
        found.update((tag, _plain(name), value) for name, value in element.attrib.items())
    return found


def _plain(name: object) -> str:
    """Names of drawings carry their namespace, and attributes of theirs sometimes come as a pair."""
    return (name if isinstance(name, str) else str(name)).rpartition("}")[2].lower()[:80]
