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
from resign.themes.pages import Pages, shipped_style
from resign.themes.source import ThemeSource, read
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
    manifest = source.files.get(FILE, b"").decode("utf-8", "replace")
    found = Once()
    found.update(built.faults)
    found.update(built.untranslated)
    found.update(contrast.faults(theme.colours, theme.dark, shipped_style(), manifest))
    found.update(_of_pages(built, source, brand, catalogues))
    if looks and not found.faults:
        found.update(look.faults(built.pages, theme, brand, catalogues, language))
    return found.faults


def _of_pages(built: Built, source: ThemeSource, brand: Brand, catalogues: Catalogues) -> Iterator[Fault]:
    theme = read(source)
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
        for of_a_page in _OF_A_PAGE:
            yield from of_a_page(shown)
