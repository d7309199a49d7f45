"""A page of ours taken apart. Only for what the list of what is allowed has written: there every element is closed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_EMPTY = {"meta", "link", "input", "br", "hr", "img"}
_BLOCKS = frozenset(
    "html head title body header main footer nav section article aside div h1 h2 h3 p ul ol li dl dt dd form fieldset "
    "legend label button textarea details summary address blockquote br hr".split()
)
_UNSEEN = {"head", "style"}


@dataclass(slots=True)
class Element:
    """`content` in order: elements, and the text between them."""

    tag: str
    attributes: dict[str, str]
    content: list["Element | str"] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator["Element"]:
        """Those below it, in the order in which they begin."""
        waiting = [*reversed(self.content)]
        while waiting:
            each = waiting.pop()
            if isinstance(each, str):
                continue
            if each.tag in tags:
                yield each
            waiting += reversed(each.content)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.pieces()).split())

    def pieces(self) -> list[str]:
        """What is read without a break; descriptions that are read out are pieces too."""
        found = [""]
        said: list[str] = []
        waiting: list[Element | str] = [self]
        while waiting:
            each = waiting.pop()
            if isinstance(each, str):
                found[-1] += each
                continue
            if each.tag in _UNSEEN:
                continue
            said += [each.attributes[name] for name in ("alt", "aria-label") if name in each.attributes]
            if each.tag in _BLOCKS:
                found.append("")
                waiting.append("\0")
            waiting += reversed(each.content)
        return [
            " ".join(piece.split()) for part in found + said for piece in part.split("\0") if piece.strip()
        ]


def tree(text: str) -> Element:
    reading = _Reading()
    reading.feed(text)
    reading.close()
    return reading.open[0]


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].content.append(element)
        if tag not in _EMPTY:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].content.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].content.append(data)
