"""The reference for template authors: every page and what it is filled with, written from the contexts.

`python -m resign.themes.reference docs/pages.md` puts it between the two marks there.
"""

import dataclasses
import sys
from pathlib import Path

from resign.themes.contexts import CONTEXTS, PAGE_NAMES, Context
from resign.themes.values import Given

BEGINS, ENDS = "<!-- generated: resign.themes.reference -->\n", "<!-- end of generated -->\n"


def main(file: Path) -> None:
    file.write_text(with_reference(file.read_text(encoding="utf-8")), encoding="utf-8")


def with_reference(document: str) -> str:
    before, _, rest = document.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    if not ends:
        raise ValueError("the document has no place for the reference")
    return before + BEGINS + reference() + ENDS + after


def reference() -> str:
    """Markdown: what every template has, then one section per context, with the pages that share it."""
    everywhere = "\n".join(["### Every page", "", f"{Given.__doc__}", "", *_table(Given), ""])
    return "\n" + "\n".join([everywhere, *map(_section, dict.fromkeys(CONTEXTS.values()))])


def _section(context: type[Context]) -> str:
    pages = ", ".join(f"`{name}`" for name in PAGE_NAMES if CONTEXTS[name] is context)
    about = f"{context.__doc__} Pages: {pages}."
    return "\n".join([f"### {context.__name__}", "", about, "", *_table(context), ""])


def _table(owner: type) -> list[str]:
    rows = [f"| `{field.name}` | {field.metadata['help']} |" for field in dataclasses.fields(owner)]
    return ["| field | is |", "|---|---|", *rows] if rows else ["No fields."]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
