"""All public pages: each is rendered once for a language and a sender; a request only fills one in."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from resign import paths
from resign.i18n import Catalogues
from resign.themes.allowed import held
from resign.themes.brand import Brand
from resign.themes.contexts import CONTEXTS, PAGE_NAMES, Linked, PageName
from resign.themes.page import Page, unmarked
from resign.themes.stylesheet import Stylesheet
from resign.themes.templates import Templates
from resign.themes.values import given

STYLES = ("public.css", "form.css")

_Key = tuple[PageName, str, str | None]


class Pages:
    """`brands` by workspace name. Pages without a link are also there for no workspace at all, naming every sender.

    A workspace may wear a theme; what its theme lacks is the shipped page.
    """

    def __init__(
        self, catalogues: Catalogues, brands: Mapping[str, Brand], *, templates: Path | None = None
    ) -> None:
        if not brands:
            raise ValueError("a page must name its sender, and there is none")
        self._catalogues = catalogues
        self._brands = brands
        self._templates = Templates(catalogues, templates)
        self._style = Stylesheet(shipped_style())
        self._theme = self._templates.theme(self._style.text)
        self._shipped: dict[_Key, Page] = {}
        self._themed: dict[str, Mapping[tuple[PageName, str], Page]] = {}
        self._by_digest: dict[str, Page] = {}
        self._themed_by_digest: dict[str, Mapping[str, Page]] = {}
        self._rendering = threading.Lock()
        self._rendered: set[str] = set()
        self._words: dict[tuple[str, str], str] = {}
        self._find: Callable[[str], Page | None] = lambda _: None

    def page(self, name: PageName, language: str, workspace: str | None) -> Page:
        """KeyError for a language without a catalogue (`Catalogues.choose` never names one), for an unknown
        workspace, and for no workspace where the page is reached by a link.
        """
        themed = self._themed.get(workspace) if workspace else None
        page = themed.get((name, language)) if themed else None
        if page is None:
            page = self._shipped.get((name, language, workspace)) or self._render(name, language, workspace)
        return page

    def shown(self, digest: str, language: str | None = None) -> Page | None:
        """The page that a form says it was pressed on; None for what was never one of ours, or was before
        the last release. Another process may have shown it: the language that the form names is looked through first.
        """
        for worn in list(self._themed_by_digest.values()):
            if page := worn.get(digest):
                return page
        if page := self._by_digest.get(digest) or self._find(digest):
            return page
        # One language, once: whoever presses must not wait for seven hundred pages to be made.
        if language in self._catalogues.languages:
            with self._rendering:
                if language not in self._rendered:
                    self.render_all(language)
                    self._rendered.add(language)
        return self._by_digest.get(digest)

    def wear(self, workspace: str, pages: Iterable[Page]) -> None:
        """From now on the workspace's pages are these; with none, the shipped ones."""
        worn = {(page.name, page.language): page for page in pages}
        self._themed_by_digest[workspace] = {page.digest: page for page in worn.values()}
        self._themed[workspace] = worn

    def look_up_with(self, find: Callable[[str], Page | None]) -> None:
        """`find` knows the pages of themes that were worn before this process began."""
        self._find = find

    def render_all(self, language: str | None = None) -> None:
        """Those of one language, or of every one. A page is rendered once, which takes a millisecond or two."""
        for key in self._keys():
            if key not in self._shipped and language in {None, key[1]}:
                self._render(*key)

    def record(self, language: str, workspace: str, fields: Mapping[str, str | None]) -> str:
        """The text file that a person keeps: `choice`, `masked`, `recorded_at`, `reference`, `until`, `confirmed_at`, `made_at`."""
        return self._templates.text(
            "record", {"language": language, "sender": self._brands[workspace].sender, **fields}
        )

    def word(self, language: str, word: str) -> str:
        """One of the words that pages are filled with."""
        if (language, word) not in self._words:
            self._words[language, word] = self._templates.word(language, word)
        return self._words[language, word]

    def __iter__(self) -> Iterator[Page]:
        """The shipped ones."""
        self.render_all()
        return iter(list(self._shipped.values()))

    def _keys(self) -> Iterator[_Key]:
        for name in PAGE_NAMES:
            for language in self._catalogues.languages:
                for workspace in self._brands:
                    yield name, language, workspace
                if not issubclass(CONTEXTS[name], Linked):
                    yield name, language, None

    def _render(self, name: PageName, language: str, workspace: str | None) -> Page:
        if language not in self._catalogues.languages or (
            workspace is None and issubclass(CONTEXTS[name], Linked)
        ):
            raise KeyError(name, language, workspace)
        brands = list(self._brands.values()) if workspace is None else [self._brands[workspace]]
        values = given(name, language, brands, self._catalogues, self.word)
        page = Page(
            name=name,
            language=language,
            workspace=workspace,
            theme=self._theme,
            csp=self._style.csp,
            text=unmarked(
                self._templates.shell(
                    held(self._templates.body(name, values)), values, self._style.text, self._theme
                )
            ),
        )
        self._by_digest[page.digest] = page
        self._shipped[name, language, workspace] = page
        return page


def shipped_style() -> str:
    return "".join((paths.static() / name).read_text("utf-8") for name in STYLES)
