"""The templates as shipped: which one makes which page, and the rules they are rendered by."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from resign import paths
from resign.i18n import Catalogues
from resign.themes.contexts import PageName

# A marker cannot be a condition, so each variant is a page of its own, told apart before it is filled.
_VARIANTS: Mapping[PageName, tuple[str, Mapping[str, object]]] = {
    "out-confirmed": ("out.html", {"state": "confirmed", "undoable": False}),
    "out-confirmed-undo": ("out.html", {"state": "confirmed", "undoable": True}),
    "out-telling": ("out.html", {"state": "telling", "undoable": False}),
    "out-telling-undo": ("out.html", {"state": "telling", "undoable": True}),
    "out-unknown": ("out.html", {"state": "unknown", "undoable": False}),
    "out-unknown-undo": ("out.html", {"state": "unknown", "undoable": True}),
    "out-delayed": ("out.html", {"state": "delayed", "undoable": False}),
    "out-delayed-undo": ("out.html", {"state": "delayed", "undoable": True}),
}
_LINES = re.compile(r"[ \t]*\n\s*")


class Templates:
    """The shipped theme, or with a folder another one of the same shape."""

    def __init__(self, catalogues: Catalogues, folder: Path | None = None) -> None:
        self._folder = folder or paths.templates() / "public"
        self._environment = _environment(catalogues, self._folder)

    def render(self, name: PageName, values: Mapping[str, object]) -> str:
        template, variant = _VARIANTS.get(name, (f"{name}.html", {}))
        text = self._environment.get_template(template).render(**values, **variant)
        return _LINES.sub("\n", text).strip() + "\n"

    def text(self, name: str, values: Mapping[str, object]) -> str:
        """A plain text, where nothing is escaped because nothing is markup."""
        text = self._environment.overlay(autoescape=False).get_template(f"{name}.txt").render(**values)
        return text.strip() + "\n"

    def theme(self, style: str) -> str:
        """What the look is known by: it changes whenever a template or the style does."""
        digest = hashlib.sha256(style.encode())
        for file in sorted(self._folder.glob("*.html")):
            digest.update(f"\0{file.name}\0".encode() + file.read_bytes())
        return f"shipped@{digest.hexdigest()[:8]}"


def _environment(catalogues: Catalogues, folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.policies["ext.i18n.trimmed"] = True

    # The language comes with each rendering, so one environment compiles each template once for all.
    @pass_context
    def gettext(context: Context, message: str) -> str:
        return catalogues.gettext(context["language"], message)

    @pass_context
    def ngettext(context: Context, one: str, many: str, count: int) -> str:
        return catalogues.ngettext(context["language"], one, many, count)

    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    return environment
