"""What went wrong while a template was rendered, as its author is told."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from resign.themes.confined import FILTERS, TESTS
from resign.themes.fault import Fault
from resign.themes.nearest import meant
from resign.themes.rendering import Ended

_ON_LIST = "See docs/themes.md for what templates may use."
_KINDS: Mapping[str, tuple[str, str]] = {
    "TooMuch": ("it makes a page that is far too long", "A page is at most 256 kB and 3,000 elements."),
    "MemoryError": ("it needs too much memory", "Take loops and long texts out."),
    "TooLate": ("it takes longer than a second", "Take loops out: a page is made in a few milliseconds."),
    "RecursionError": (
        "it includes, extends or calls itself without end",
        'To build on the shipped template of this name, write {% extends "~/public/NAME.html" %}.',
    ),
    "UnicodeEncodeError": ("it writes a character that no text has", r"Take escapes like \ud800 out."),
}
# Jinja's own sentences stay behind what kind of a mistake it is: the first that fits.
_MISTAKES = (
    (re.compile(r"saw `end|[Ee]nd of template|unclosed|Missing end of"), "a tag is not closed"),
    (
        re.compile(r"translat|trans blocks|plurali"),
        "a text in `trans` holds more than words and plain places",
    ),
    (re.compile(r"defined twice"), "a block is there twice"),
)
_OURS = {"Refused", "SecurityError", "UndefinedError", "TemplateSyntaxError"}
_MISWRITTEN = "this is not written as a template is"
_UNDEFINED = re.compile(r"'(\w+)' is undefined")
_NO_FILTER = re.compile(r"No (filter|test) named '(\w+)'")
_UNKNOWN_TAG = re.compile(r"Encountered unknown tag '(\w+)'")


def told(
    answer: Mapping[str, Any], where: str, page: str | None, language: str | None, variables: Iterable[str]
) -> Fault:
    """`answer` is the child's; `where` is meant if it does not know; `variables` are those that the page has."""
    where, own = _where(str(answer.get("template", "")), where)
    kind, message = str(answer.get("kind", "")), str(answer.get("message", ""))
    what, remedy = _KINDS.get(kind) or _said(kind, message, variables)
    line = answer.get("line")
    if not own:
        remedy = f"A template of the theme changed what this shipped one builds on. {remedy}"
    return Fault(
        where=where, what=what, remedy=remedy, line=line if own and isinstance(line, int) else None, page=page,
        language=language,
    )  # fmt: skip


def ended(error: Ended, where: str, page: str | None, language: str | None) -> Fault:
    if error.late:
        what, remedy = _KINDS["TooLate"]
    else:
        what, remedy = "it needs more than a template may have", "Take loops and long texts out."
    return Fault(where=where, what=what, remedy=remedy, page=page, language=language)


def lost(rows: object, where: str) -> Iterator[Fault]:
    """Of the blocks that are never shown: `rows` is what the child says of a template."""
    for row in rows if isinstance(rows, list) else ():
        name, line, there = row
        names = sorted(map(str, there))
        near = meant(str(name), names)
        all_of_them = (
            f" There are: {', '.join(f'`{each}`' for each in names)}." if near.startswith("Did") else ""
        )
        yield Fault(
            where=where,
            what=f"no template that this one extends has a block `{name}`",
            remedy=near + all_of_them,
            line=line if isinstance(line, int) else None,
        )


def loose(line: object, where: str) -> Iterator[Fault]:
    """Of what stands in no block: `line` is what the child says of a template."""
    if isinstance(line, int):
        yield Fault(
            where=where,
            what="this stands in no block, so it is never shown",
            remedy="Of a template that extends another, only blocks are shown: put it into one.",
            line=line,
        )


def _where(template: str, otherwise: str) -> tuple[str, bool]:
    kind, _, name = template.partition(":")
    if kind == "own":
        return f"templates/{name}", True
    return (f"~/public/{name}", False) if kind == "shipped" else (otherwise, True)


def _said(kind: str, message: str, variables: Iterable[str]) -> tuple[str, str]:
    if found := _UNDEFINED.search(message):
        names = sorted(variables)
        here = f" This page has: {', '.join(f'`{name}`' for name in names)}."
        near = meant(found[1], names)
        return f"`{found[1]}` is unknown here", (near if near.startswith("Did") else "Take it out.") + here
    if found := _NO_FILTER.search(message):
        allowed = FILTERS if found[1] == "filter" else TESTS
        remedy = meant(found[2], allowed)
        return f"there is no {found[1]} `{found[2]}` for templates", remedy
    if kind == "TemplateNotFound":
        return f"there is no template `{message}`", 'Shipped ones are named like "~/public/layout.html".'
    return _mistake(kind, message), _ON_LIST


def _mistake(kind: str, message: str) -> str:
    said = message.rstrip(".")
    if found := _UNKNOWN_TAG.search(message):
        if found[1].startswith("end") and "closed" in message:
            return f"tags are not closed in the order in which they were opened ({said})"
        return f"`{found[1]}` is no tag of a template"
    # What begins with a code is our own.
    if kind == "TemplateSyntaxError" and not message.startswith("`"):
        mistake = next((each for pattern, each in _MISTAKES if pattern.search(message)), _MISWRITTEN)
        return f"{mistake} ({said})"
    if kind in _OURS and message:
        return message
    return f"it fails ({said or kind})"
