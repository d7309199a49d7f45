"""The templates as shipped: which one makes which page, and the rules they are rendered by."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from resign import paths
from resign.i18n import Catalogues
from resign.themes.contexts import PageName
from resign.themes.sender import MARKER_CLOSES, MARKER_OPENS

# A marker cannot be a condition, so each variant is a page of its own, told apart before it is filled.
_OUT: tuple[tuple[PageName, str, bool, bool], ...] = (
    ("out-confirmed", "confirmed", False, False),
    ("out-confirmed-undo", "confirmed", True, False),
    ("out-telling", "telling", False, False),
    ("out-telling-undo", "telling", True, False),
    ("out-unknown", "unknown", False, False),
    ("out-unknown-undo", "unknown", True, False),
    ("out-delayed", "delayed", False, False),
    ("out-delayed-undo", "delayed", True, False),
    ("rest-confirmed", "confirmed", False, True),
    ("rest-confirmed-undo", "confirmed", True, True),
    ("rest-telling", "telling", False, True),
    ("rest-telling-undo", "telling", True, True),
    ("rest-unknown", "unknown", False, True),
    ("rest-unknown-undo", "unknown", True, True),
    ("rest-delayed", "delayed", False, True),
    ("rest-delayed-undo", "delayed", True, True),
)
_VARIANTS: Mapping[PageName, tuple[str, Mapping[str, object]]] = {
    name: ("out.html", {"state": state, "undoable": undoable, "resting": resting})
    for name, state, undoable, resting in _OUT
}
_LINES = re.compile(r"[ \t]*\n\s*")
# Not a word around a page is a theme's, so these are never looked for in one.
SHELL = "shell.html"


class Templates:
    """The shipped theme, or with a folder another one of the same shape."""

    def __init__(self, catalogues: Catalogues, folder: Path | None = None) -> None:
        self._folder = folder or paths.templates() / "public"
        self._environment = rules(Environment, FileSystemLoader(self._folder), catalogues)
        self._plain = self._environment.overlay(autoescape=False)

    def body(self, name: PageName, values: Mapping[str, object]) -> str:
        template, variant = template_of(name)
        return self._environment.get_template(template).render(**values, **variant)

    def shell(self, body: str, values: Mapping[str, object], style: str, theme: str) -> str:
        """The whole page around a body; with its markers visible as `{{name}}`.

        It names its theme, so that the same words in two versions are two texts with a digest each.
        """
        text = self._environment.get_template(SHELL).render(
            {
                **values,
                "body": Markup(body),  # noqa: S704 - held to the list of what is allowed
                "heading": Markup(heading(body)),  # noqa: S704 - a part of it, without elements
                "style": Markup(style),  # noqa: S704 - checked by Stylesheet
                "theme": theme,
            }
        )
        return _with_visible_markers(_LINES.sub("\n", text).strip() + "\n")

    def text(self, name: str, values: Mapping[str, object]) -> str:
        """A plain text, where nothing is escaped because nothing is markup."""
        text = self._plain.get_template(f"{name}.txt").render(**values)
        return text.strip() + "\n"

    def word(self, language: str, word: str) -> str:
        """One of the words that pages are filled with; nothing for an unknown one."""
        return self.text("words", {"language": language, "word": word}).strip()

    def theme(self, style: str) -> str:
        """What the look is known by: it changes whenever a template or the style does."""
        digest = hashlib.sha256(style.encode())
        for file in sorted(self._folder.glob("*.html")):
            digest.update(f"\0{file.name}\0".encode() + file.read_bytes())
        return f"shipped@{digest.hexdigest()[:8]}"


def template_of(name: PageName) -> tuple[str, Mapping[str, object]]:
    """The file that makes a page, and what tells its variants apart there."""
    return _VARIANTS.get(name, (f"{name}.html", {}))


def heading(body: str) -> str:
    """The text of the body's `h1`, as HTML without elements; empty where it has none."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", body, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else ""


def rules(kind: type[Environment], loader: BaseLoader, catalogues: Catalogues) -> Environment:
    """An environment in which all pages are rendered alike, whatever it protects itself from besides."""
    environment = kind(
        loader=loader,
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


def _with_visible_markers(text: str) -> str:
    """Braces that were in the text already, in a sender's name say, must not come out as a marker."""
    text = text.replace("{{", "&#123;&#123;")
    return text.replace(MARKER_OPENS, "{{").replace(MARKER_CLOSES, "}}")
