"""One page as the checks look at it: beside the shipped page of the same name."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from resign.i18n import Catalogues
from resign.themes.brand import Brand
from resign.themes.fault import Fault
from resign.themes.page import Page
from resign.themes.source import Theme
from resign.themes.tree import Element, tree
from resign.themes.where import placed


def seen(element: Element) -> str:
    """Its text as eyes read it: without what is only read out."""
    found: list[str] = []
    waiting: list[Element | str] = [element]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            found.append(each)
        elif each.tag not in {"head", "style"}:
            waiting += reversed(each.content)
    return " ".join("".join(found).split())


@dataclass(slots=True)
class Shown:
    """`shipped` may be in another language: only what every language has is read from it. `texts`: path to content."""

    page: Page
    shipped: Page
    shipped_tree: Element
    theme: Theme
    brand: Brand
    texts: Mapping[str, str]
    catalogues: Catalogues
    tree: Element = field(init=False)

    def __post_init__(self) -> None:
        self.tree = tree(self.page.text)

    @property
    def main(self) -> Element:
        return next(self.tree.all("main"), Element("main", {}))

    def words(self, message: str) -> str:
        """What stands on the page for an English text: the theme's own words, else the catalogue's."""
        own = self.theme.texts.get(self.page.language, {}).get(message)
        said = own or html.unescape(self.catalogues.gettext(self.page.language, message))
        return " ".join(said.replace("%%", "%").split())

    def language_of(self, link: Element) -> str | None:
        """The language that a link leads to, if it is this page's way to that language and says so."""
        language = link.attributes.get("hreflang", "")
        if language not in self.catalogues.languages or link.text != self.catalogues.name(language):
            return None
        way = rf"(?:\{{\{{link\}}\}})?\?l={re.escape(language)}(?:\{{\{{query\}}\}})?"
        return language if re.fullmatch(way, link.attributes.get("href", "")) else None

    def fault(self, what: str, remedy: str, *snippets: str, same: str = "") -> Fault:
        """`same`: what it is, where `what` says it in the words of one language or page."""
        where, line = placed(self.theme.templates, self.page.name, *snippets)
        return Fault(
            where=where, what=what, remedy=remedy, line=line, same=same,
            page=self.page.name, language=self.page.language,
        )  # fmt: skip
