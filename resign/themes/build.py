"""From a theme's files to its pages: every page in every language, and what is wrong with each that failed."""

import dataclasses
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic

from resign.i18n import SOURCE, Catalogues
from resign.themes import css, logo
from resign.themes.allowed import held
from resign.themes.brand import Brand
from resign.themes.contexts import PAGE_NAMES, PageName
from resign.themes.fault import BadTheme, Fault
from resign.themes.markers import strange
from resign.themes.once import Once
from resign.themes.page import Page, unmarked
from resign.themes.pages import shipped_style
from resign.themes.pictures import unfit
from resign.themes.rendering import Ended, Rendering, rendering
from resign.themes.sender import MARKER_CLOSES, MARKER_OPENS
from resign.themes.source import Theme, ThemeSource, read
from resign.themes.spoken import shipped_messages, spoken
from resign.themes.stylesheet import Stylesheet
from resign.themes.templates import Templates, template_of
from resign.themes.texts import MOST_TEXTS, Worded, strangers
from resign.themes.told import ended, loose, lost, told
from resign.themes.untranslated import untranslated
from resign.themes.values import given
from resign.themes.where import changed, placed

# Some seven hundred pages take a few seconds, more on a busy machine; this is for themes that mean harm.
_MOST_SECONDS = 300.0
_MOST_DEATHS = 3
_MOST_NAMED = 60
_BLANKS = re.compile(r"[ \t]{64,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A page that failed is missing from `pages` and has a fault.

    `untranslated` keeps no page from being made, and a theme from being published. `faulty` are the pages, made or
    not, that a fault is on: what is wrong with many is only once in `faults`.
    """

    pages: tuple[Page, ...]
    faults: tuple[Fault, ...]
    faulty: frozenset[tuple[str, str]] = frozenset()
    untranslated: tuple[Fault, ...] = ()


def build(
    source: ThemeSource,
    *,
    theme: str,
    workspace: str,
    brand: Brand,
    catalogues: Catalogues,
    pages: Sequence[PageName] = PAGE_NAMES,
    languages: Sequence[str] | None = None,
) -> Built:
    """Never raises for what a theme holds. `theme` is what the pages say they are of: `fern@3`.

    A fault is told in the words of the first of the languages that has it; without any, English is first.
    """
    try:
        looked = read(source)
        style = Stylesheet(
            css.style_of(shipped_style(), looked.colours, looked.dark, looked.style, logo=bool(looked.logo))
        )
    except BadTheme as bad:
        return Built(pages=(), faults=bad.faults)
    except ValueError:
        return Built(
            pages=(), faults=(Fault(where=css.FILE, what="it cannot be sent in a page", remedy="Mend it."),)
        )
    building = _Building(source, looked, theme, workspace, brand_of(looked, brand), catalogues, style)
    with rendering(looked.templates, logo.address(looked.logo), looked.logo_alt) as child:
        building.prepare(child)
        made = list(building.made(child, pages, languages or in_order(catalogues.languages, SOURCE)))
    return Built(
        pages=tuple(made),
        faults=building.faults.faults,
        faulty=frozenset(building.faults.pages),
        untranslated=building.untranslated.faults,
    )


def brand_of(theme: Theme, brand: Brand) -> Brand:
    """The workspace's brand as the theme has it."""
    return dataclasses.replace(brand, sender=theme.sender) if theme.sender else brand


def in_order(languages: Sequence[str], first: str) -> list[str]:
    """The one that is named, then English, then all others."""
    return [*dict.fromkeys(each for each in (first, SOURCE, *languages) if each in languages)]


@dataclass(slots=True)
class _Building:
    source: ThemeSource
    read: Theme
    theme: str
    workspace: str
    brand: Brand
    catalogues: Catalogues
    style: Stylesheet
    faults: Once = field(default_factory=Once)
    untranslated: Once = field(default_factory=Once)
    unread: set[str] = field(default_factory=set)
    until: float = field(default_factory=lambda: monotonic() + _MOST_SECONDS)
    worded: Worded = field(init=False)
    templates: Templates = field(init=False)

    def __post_init__(self) -> None:
        self.worded = Worded(self.catalogues, self.read.texts)
        self.templates = Templates(self.worded)

    def prepare(self, child: Rendering) -> None:
        """Reads every template of the theme, those too that no page uses; then the child is told all words."""
        messages = set(shipped_messages()[0])
        for name in self.read.templates:
            if self._is_over(child):
                return
            died = child.died
            try:
                answer = child.ask({"job": name, "read": name})
            except Ended as error:
                self.unread.add(name)
                self.faults.add(ended(error, f"templates/{name}", None, None))
                continue
            if "messages" in answer:
                own = [str(each) for each in answer["messages"]]
                messages.update(own)
                if len(messages) - len(shipped_messages()[0]) > MOST_TEXTS:
                    what = f"it says more than {MOST_TEXTS} texts of its own"
                    self.faults.add(
                        Fault(where=f"templates/{name}", what=what, remedy="Take some of them out.")
                    )
                    child.say(*spoken(self.catalogues, self.read.texts, shipped_messages()[0]))
                    return
                self.faults.update(lost(answer.get("lost"), f"templates/{name}"))
                self.faults.update(loose(answer.get("loose"), f"templates/{name}"))
                self.untranslated.update(
                    untranslated(
                        name, self.read.templates[name], own, self.read.texts, self.catalogues.languages
                    )
                )
            else:
                if child.died > died:
                    self.unread.add(name)
                self.faults.add(told(answer, f"templates/{name}", None, None, ()))
        self.faults.update(
            strangers(self.read.texts, self.source.files, frozenset(messages), self.catalogues.languages)
        )
        child.say(*spoken(self.catalogues, self.read.texts, messages))

    def made(self, child: Rendering, names: Sequence[PageName], languages: Sequence[str]) -> Iterator[Page]:
        for name in names:
            # What takes too long to read takes as long to render, and has its fault.
            if template_of(name)[0] in self.unread:
                continue
            for language in languages:
                if self._is_over(child):
                    return
                died = child.died
                page = self._page(child, name, language)
                if page:
                    yield page
                # What was too much in one language is so in the others.
                if child.died > died:
                    break

    def _is_over(self, child: Rendering) -> bool:
        if child.died < _MOST_DEATHS and monotonic() <= self.until:
            return False
        self.faults.add(
            Fault(
                where="the theme",
                what="its pages take too long to make, so not all were made",
                remedy="Mend the pages that are named above.",
            )
        )
        return True

    def _page(self, child: Rendering, name: PageName, language: str) -> Page | None:
        values = given(name, language, [self.brand], self.worded, self.templates.word)
        template, variant = template_of(name)
        where = placed(self.read.templates, name)
        try:
            answer = child.ask({"job": name, "template": template, "values": {**values, **variant}})
        except Ended as error:
            self.faults.add(ended(error, where[0], name, language))
            return None
        if not isinstance(answer.get("body"), str):
            self.faults.add(told(answer, where[0], name, language, {*values, *variant}))
            return None
        self._removed(answer.get("removed"), name, language)
        # Held a second time: the first was in a process that strangers' templates ran in.
        body = _BLANKS.sub(" ", held(answer["body"]))
        self._pictured(body, name, language)
        wrong = list(strange(body, name, self.brand))
        for what, remedy, values_meant in wrong:
            place, line, by = changed(self.read.templates, name, values_meant)
            told_by = f"`{by}` cannot change it: it is filled in when a person comes. Write it alone."
            self.faults.add(
                Fault(
                    where=place, what=what, remedy=told_by if by else remedy, line=line, page=name,
                    language=language,
                )
            )  # fmt: skip
        if wrong:
            return None
        return Page(
            name=name,
            language=language,
            workspace=self.workspace,
            theme=self.theme,
            csp=self.style.csp,
            text=unmarked(self.templates.shell(body, values, self.style.text, self.theme)),
        )

    def _pictured(self, body: str, name: PageName, language: str) -> None:
        for address, what, remedy in unfit(body, self.style.text):
            where, line = placed(self.read.templates, name, address, 'src="data:')
            if address in self.read.style:
                at = self.read.style.index(address)
                where, line = css.FILE, self.read.style.count("\n", 0, at) + 1
            self.faults.add(
                Fault(
                    where=where, what=what, remedy=remedy, line=line, page=name, language=language,
                    same=f"{what} {address}",
                )
            )  # fmt: skip

    def _removed(self, rows: object, name: PageName, language: str) -> None:
        for tag, attribute, value in rows if isinstance(rows, list) else ():
            if attribute:
                what = f'`{attribute}="{_short(value)}"` of <{tag}> is not allowed, and was taken out'
                where, line = placed(self.read.templates, name, value, f"{attribute}=")
            else:
                what = f"<{tag}> is not allowed, and was taken out"
                where, line = placed(self.read.templates, name, f"<{tag}")
            remedy = "See docs/themes.md for what pages may hold."
            self.faults.add(
                Fault(where=where, what=what, remedy=remedy, line=line, page=name, language=language)
            )


def _short(text: object) -> str:
    plain = str(text).replace(MARKER_OPENS, "{{").replace(MARKER_CLOSES, "}}")
    return plain if len(plain) <= _MOST_NAMED else f"{plain[:_MOST_NAMED]}…"
