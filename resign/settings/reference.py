"""The reference of the settings, written from their table.

`python -m resign.settings.reference docs/settings.md` puts it between the two marks there.
"""

import sys
from pathlib import Path

from resign.settings.model import REQUIRED, SETTINGS, Setting

BEGINS, ENDS = "<!-- generated: resign.settings.reference -->\n", "<!-- end of generated -->\n"


def main(file: Path) -> None:
    file.write_text(with_reference(file.read_text(encoding="utf-8")), encoding="utf-8")


def with_reference(document: str) -> str:
    before, _, rest = document.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    if not ends:
        raise ValueError("the document has no place for the reference")
    return before + BEGINS + reference() + ENDS + after


def reference() -> str:
    """Markdown: what holds for the installation, then what holds for one workspace."""
    house = [row for row in SETTINGS if not row.per_workspace]
    workspace = [row for row in SETTINGS if row.per_workspace]
    return "\n".join(["", *_section("Installation", house), *_section("Workspace", workspace)])


def _section(title: str, rows: list[Setting]) -> list[str]:
    table = ["| variable | meaning | default |", "|---|---|---|", *(_row(row) for row in rows)]
    return [f"## {title}", "", *table, ""]


def _row(row: Setting) -> str:
    secret = " **(secret)**" if row.secret else ""
    return f"| `{row.variable}` | {row.meaning}{secret} | {_default(row.default)} |"


def _default(default: object) -> str:
    if default is REQUIRED:
        return "**must be given**"
    return f"`{default}`" if default else "none"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
