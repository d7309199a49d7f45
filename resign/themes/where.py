"""Where in a theme something on a page was written, as far as it can be found."""

from collections.abc import Mapping

from resign.themes.contexts import PageName
from resign.themes.templates import template_of


def placed(templates: Mapping[str, str], page: PageName, *snippets: str) -> tuple[str, int | None]:
    """File and line of the first snippet that a template of the theme has, the page's own template first.

    Else the page's own template, and the page's name where the theme has none.
    """
    own, _ = template_of(page)
    for snippet in snippets:
        for name in sorted(templates, key=lambda name: (name != own, name)):
            if snippet and (at := templates[name].lower().find(snippet.lower())) >= 0:
                return f"templates/{name}", templates[name].count("\n", 0, at) + 1
    return (f"templates/{own}" if own in templates else page), None
