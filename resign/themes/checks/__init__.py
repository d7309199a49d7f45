"""What a theme must hold to before it is published: the law's lines and the reader's, each a small file here."""

from collections.abc import Iterator

from resign.i18n import SOURCE, Catalogues
from resign.themes.brand import Brand
from resign.themes.build import Built, brand_of
from resign.themes.checks import contrast, forms, guilt, kept, look, sender, shape, weight
from resign.themes.checks.shown import Shown
from resign.themes.fault import BadTheme, Fault
from resign.themes.manifest import FILE
from resign.themes.once import Once, once
from resign.themes.page import Page
from resign.themes.pages import Pages, shipped_style
from resign.themes.source import Theme, ThemeSource, read
from resign.themes.tree import tree

_OF_A_PAGE = (shape.faults, forms.faults, sender.faults, kept.faults, guilt.faults, weight.faults)


def check(
    built: Built,
    source: ThemeSource,
    brand: Brand,
    catalogues: Catalogues,
    *,
    looks: bool = True,
    language: str = SOURCE,
) -> tuple[Fault, ...]:
    """The faults of the build first. With `looks` every page is shown to Chromium too, in `language` and in one that
    runs from right to left; that is left out as long as there are other faults.
    """
    try:
        theme = read(source)
    except BadTheme as bad:
        return once([*built.faults, *bad.faults])
    brand = brand_of(theme, brand)
    found = Once()
    found.update(built.faults)
    found.update(built.untranslated)
    found.update(_of_colours(theme, source))
    for _, wrong in _by_page(built, theme, source, brand, catalogues):
        found.update(wrong)
    if looks and not found.faults:
        found.update(look.faults(built.pages, theme, brand, catalogues, language))
    return found.faults


def sound(
    built: Built, source: ThemeSource, brand: Brand, catalogues: Catalogues
) -> tuple[tuple[Page, ...], tuple[Fault, ...]]:
    """Of the pages that were built those that no rule is broken on, without a browser; and what is wrong with the others.

    For what was published once and is built again: people may be shown a page only if it could be published now.
    """
    if not built.pages:
        return (), ()
    theme = read(source)
    if wrong := _of_colours(theme, source):
        return (), once(wrong)
    passed: list[Page] = []
    faults: list[Fault] = []
    for page, found in _by_page(built, theme, source, brand_of(theme, brand), catalogues):
        if not found and (page.name, page.language) not in built.faulty:
            passed.append(page)
        faults += found
    return tuple(passed), once(faults)


def _of_colours(theme: Theme, source: ThemeSource) -> list[Fault]:
    manifest = source.files.get(FILE, b"").decode("utf-8", "replace")
    return list(contrast.faults(theme.colours, theme.dark, shipped_style(), manifest))


def _by_page(
    built: Built, theme: Theme, source: ThemeSource, brand: Brand, catalogues: Catalogues
) -> Iterator[tuple[Page, list[Fault]]]:
    words = {
        path: content.decode("utf-8", "replace")
        for path, content in source.files.items()
        if path.startswith("texts/")
    }
    shipped = Pages(catalogues, {"": brand})
    first = {}
    for page in built.pages:
        if page.name not in first:
            ours = shipped.page(page.name, page.language, "")
            first[page.name] = (ours, tree(ours.text))
        ours, ours_tree = first[page.name]
        shown = Shown(page, ours, ours_tree, theme, brand, words, catalogues)
        yield page, [fault for of_a_page in _OF_A_PAGE for fault in of_a_page(shown)]
