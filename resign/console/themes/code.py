"""A file that is typed as a whole: a template, or the style."""

import re
from collections.abc import Mapping, Sequence

from resign import paths
from resign.console.spoken import mark, say
from resign.console.themes.part import Changed, text_of, with_text
from resign.themes.contexts import PAGE_NAMES, PageName
from resign.themes.source import STYLE, ThemeSource
from resign.themes.templates import template_of

_EVERYWHERE: tuple[PageName, ...] = ("optout", "done", "preferences", "bad-link")
_BLOCK = re.compile(r"\{%-?\s*block\s+(\w+)")
FIELD = "own"


class CodePart:
    field = FIELD

    def __init__(self, path: str, label: str, pages: Sequence[PageName]) -> None:
        self.paths, self.label, self.pages = (path,), label, pages

    def shown(self, source: ThemeSource) -> dict[str, str]:
        return {FIELD: text_of(source, self.paths[0])}

    def labels(self, _source: ThemeSource) -> dict[str, str]:
        return {FIELD: say(self.label)}

    def sent(self, form: Mapping[str, str], _files: Mapping[str, bytes]) -> dict[str, str]:
        return dict(form)

    def change(self, source: ThemeSource, typed: Mapping[str, str], _files: Mapping[str, bytes]) -> Changed:
        text = typed.get(FIELD)
        if text is None:
            return Changed(source=source)
        return Changed(source=with_text(source, self.paths[0], text))


def style_part() -> CodePart:
    return CodePart(STYLE, mark("Own style"), _EVERYWHERE[:1])


def template_part(name: str) -> CodePart:
    label = mark("Own template")
    return CodePart(f"templates/{name}", label, pages_of(name) or _EVERYWHERE)


def pages_of(template: str) -> tuple[PageName, ...]:
    """The pages that a shipped template makes by itself; none for one that others are built on."""
    return tuple(name for name in PAGE_NAMES if template_of(name)[0] == template)


def shipped(template: str) -> str:
    return (paths.templates() / "public" / template).read_text("utf-8")


def skeleton(template: str) -> str:
    """What to begin with: the shipped template with its blocks to be filled, or all of it where it has none."""
    text = shipped(template)
    blocks = list(dict.fromkeys(_BLOCK.findall(text)))
    if not blocks:
        return text
    opened = [f"{{% block {name} %}}{{{{ super() }}}}{{% endblock %}}" for name in blocks]
    return "\n".join([f'{{% extends "~/public/{template}" %}}', *opened, ""])
