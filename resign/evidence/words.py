"""What a page says to whoever reads it, as plain text: for paper, and for a file that people read."""

import re
from html.parser import HTMLParser

_UNSEEN = {"style", "script", "title", "template"}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form", "h1",
    "h2", "h3", "h4", "header", "hr", "legend", "li", "main", "nav", "ol", "p", "section", "summary", "table", "td", "th",
    "tr", "ul", "br", "label",
}  # fmt: skip


def words_of(page: str) -> str:
    """Line by line; buttons in brackets, a chosen one of several with a cross before it."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    lines = (re.sub(r"\s+", " ", line).strip() for line in "".join(reader.text).split("\n"))
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        # A link to the same page in another language is no part of what it says.
        if tag in _UNSEEN or (tag == "a" and (self._unseen or "hreflang" in given)):
            self._unseen += 1
        elif tag == "button":
            self.text.append("\n[")
        elif tag == "input" and given.get("type") in {"radio", "checkbox"}:
            self.text.append("\n(x) " if "checked" in given else "\n( ) ")
        elif tag in _BLOCKS:
            self.text.append("\n")
        elif tag == "img" and given.get("alt"):
            self.text.append(f"\n{given['alt']}\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN or (tag == "a" and self._unseen):
            self._unseen = max(0, self._unseen - 1)
        elif tag == "button":
            self.text.append("]\n")
        elif tag in _BLOCKS and tag != "label":
            self.text.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.text.append(re.sub(r"\s+", " ", data))
