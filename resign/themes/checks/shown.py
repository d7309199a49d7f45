"""One page as the checks look at it: beside the shipped page of the same name."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from resign.themes.brand import Brand
from resign.themes.fault import Fault
from resign.themes.page import Page
from resign.themes.source import Theme
from resign.themes.tree import Element, tree
from resign.themes.where import placed


@dataclass(slots=True)
class Shown:
    """`shipped` may be in another language: only what every language has is read from it. `texts`: path to content."""

    page: Page
    shipped: Page
    shipped_tree: Element
    theme: Theme
    brand: Brand
    texts: Mapping[str, str]
    tree: Element = field(init=False)

    def __post_init__(self) -> None:
        self.tree = tree(self.page.text)

    @property
    def main(self) -> Element:
        return next(self.tree.all("main"), Element("main", {}))

    def fault(self, what: str, remedy: str, *snippets: str) -> Fault:
        where, line = placed(self.theme.templates, self.page.name, *snippets)
        return Fault(
            where=where, what=what, remedy=remedy, line=line, page=self.page.name, language=self.page.language
        )
