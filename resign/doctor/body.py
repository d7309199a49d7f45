"""The links that a person sees in a mail: those of its HTML with the words on them, and those of its plain text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice

from resign.doctor.raw import Text

_URL = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_TOKEN_GOES_ON = re.compile(r"[\w.~%&=?/-]+")
_MOST_LINKS = 2_000
_MOST_URL = 4_000
_HIDDEN = re.compile(r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden|font-size\s{0,9}:\s{0,9}0(?!\.?\d)", re.IGNORECASE)  # fmt: skip
_HIDDEN_FLAG = re.compile(r"\shidden(?:\s|=|/|$)", re.IGNORECASE)
_ANCHOR = re.compile(r"<a(\s[^<>]{0,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""[\s"'/]([a-z-]{1,20})\s{0,9}=\s{0,9}("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_ALT = re.compile(r"""<img(?=\s)[^<>]{0,2000}?\salt=("[^"]{0,200}"|'[^']{0,200}')""", re.IGNORECASE)
_END = re.compile(r"</a[\s>]", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,4000}>")


@dataclass(slots=True)
class Seen:
    """`words` are what the link is shown as; `goes_on` is what the next line of a plain text begins with."""

    kind: str
    url: str
    words: str = ""
    is_hidden: bool = False
    goes_on: str = ""


def links(text: Text) -> list[Seen]:
    """In their order, at most two thousand."""
    return _in_html(text.text) if text.kind == "html" else list(_in_plain(text.text))


def _in_html(text: str) -> list[Seen]:
    """By patterns of bounded length: the standard library's parser takes minutes for 100 kB of open tags."""
    text = _without_comments(text)
    found = []
    for tag in islice(_ANCHOR.finditer(text), _MOST_LINKS):
        given = {name.lower(): unescape(value.strip("\"'")) for name, value in _ATTRIBUTE.findall(tag[1])}
        if not given.get("href"):
            continue
        hidden = bool(_HIDDEN.search(given.get("style", ""))) or bool(_HIDDEN_FLAG.search(tag[1]))
        words = _words(text[tag.end() : tag.end() + _MOST_URL])
        found.append(Seen("html", given["href"].strip()[:_MOST_URL], words, hidden))
    return found


def _without_comments(text: str) -> str:
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0:
        kept.append(text[at:start])
        at = text.find("-->", start)
        if at < 0:
            return "".join(kept)
        at += 3
    return "".join([*kept, text[at:]])


def _words(behind: str) -> str:
    """What the link is shown as: its text, and the words of its pictures."""
    inside = _END.split(behind, maxsplit=1)[0]
    pictures = " ".join(value.strip("\"'") for value in _ALT.findall(inside))
    return unescape(_TAG.sub("", inside) + pictures).replace("\u200b", "").strip()


def _in_plain(text: str) -> Iterator[Seen]:
    lines = text.splitlines()
    count = 0
    for number, line in enumerate(lines):
        for match in _URL.finditer(line):
            count += 1
            if count > _MOST_LINKS:
                return
            following = lines[number + 1].lstrip("> \t") if number + 1 < len(lines) else ""
            at_the_end = match.end() == len(line.rstrip())
            rest = _TOKEN_GOES_ON.match(following) if at_the_end else None
            yield Seen("plain", match[0][:_MOST_URL], match[0], goes_on=rest[0] if rest else "")
