"""Where in a theme something on a page was written, as far as it can be found."""

import re
from collections import deque
from collections.abc import Iterable, Mapping
from functools import lru_cache

from resign import paths
from resign.themes.confined import SHIPPED
from resign.themes.contexts import PageName
from resign.themes.templates import template_of

_NAMED = re.compile(r"""\{%[-+]?\s*(?:extends|include|import|from)\s+["']([^"'\n]{1,100})["']""")


def placed(templates: Mapping[str, str], page: PageName, *snippets: str) -> tuple[str, int | None]:
    """File and line of the first snippet that a template has which the page is made of, the page's own template first.

    Else the first of those templates, and the page's name where the theme has none of them.
    """
    own = made_of(templates, page)
    for snippet in snippets:
        for name in own:
            if snippet and (at := templates[name].lower().find(snippet.lower())) >= 0:
                return f"templates/{name}", templates[name].count("\n", 0, at) + 1
    return (f"templates/{own[0]}" if own else page), None


def changed(
    templates: Mapping[str, str], page: PageName, values: Iterable[str]
) -> tuple[str, int | None, str]:
    """File, line and filter where a template does something with one of the values, as far as it can be found."""
    named = f"(?:{'|'.join(map(re.escape, values))})"
    for pattern in (
        rf"\b{named}\s*(\|(?!\s*(?:e|escape)\b)\s*\w{{1,40}})",
        rf"\b{named}\s*\[()",
        rf"\bin\s+{named}\b()",
        rf"\{{[{{%][^{{}}\n]{{0,200}}\b{named}\b()",
    ):
        for name in made_of(templates, page):
            if found := re.search(pattern, templates[name]):
                line = templates[name].count("\n", 0, found.start()) + 1
                return f"templates/{name}", line, "".join(found[1].split())
    return (*placed(templates, page), "")


def made_of(templates: Mapping[str, str], page: PageName) -> list[str]:
    """The theme's own templates that the page goes through, as far as they are named in words."""
    first, _ = template_of(page)
    found = []
    seen = {first}
    waiting = deque([first])
    while waiting:
        name = waiting.popleft()
        if name in templates:
            found.append(name)
        text = templates.get(name) or _shipped().get(name.removeprefix(SHIPPED), "")
        waiting += [each for each in dict.fromkeys(_names(text)) if each not in seen]
        seen.update(waiting)
    return found


@lru_cache(maxsize=128)
def _names(text: str) -> tuple[str, ...]:
    return tuple(_NAMED.findall(text))


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, str]:
    return {file.name: file.read_text("utf-8") for file in (paths.templates() / "public").glob("*.html")}
