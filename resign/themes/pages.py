"""All public pages, rendered once at start for every language and sender; a request only fills one in."""

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path

from markupsafe import Markup

from resign import paths
from resign.i18n import Catalogues
from resign.themes.contexts import CONTEXTS, PAGE_NAMES, Linked, PageName
from resign.themes.page import DIGEST, Page
from resign.themes.sender import MARKER_CLOSES, MARKER_OPENS, Sender
from resign.themes.stylesheet import Stylesheet
from resign.themes.templates import Templates

_STYLES = ("public.css", "form.css")


class Pages:
    """`senders` by workspace name. Pages without a link are also there for no workspace at all, naming every sender."""

    def __init__(
        self, catalogues: Catalogues, senders: Mapping[str, Sender], *, templates: Path | None = None
    ) -> None:
        if not senders:
            raise ValueError("a page must name its sender, and there is none")
        self._catalogues = catalogues
        self._senders = senders
        self._templates = Templates(catalogues, templates)
        self._style = Stylesheet("".join((paths.static() / name).read_text("utf-8") for name in _STYLES))
        self._theme = self._templates.theme(self._style.text)
        rendered = list(self._all(senders))
        self._pages = {(page.name, page.language, page.workspace): page for page in rendered}
        self._by_digest = {page.digest: page for page in rendered}

    def page(self, name: PageName, language: str, workspace: str | None) -> Page:
        """KeyError for a language without a catalogue (`Catalogues.choose` never names one), for an unknown
        workspace, and for no workspace where the page is reached by a link.
        """
        return self._pages[name, language, workspace]

    def shown(self, digest: str) -> Page | None:
        """The page that a form says it was pressed on; None for what was never one of ours, or was before
        the last release.
        """
        return self._by_digest.get(digest)

    def record(self, language: str, workspace: str, fields: Mapping[str, str | None]) -> str:
        """The text file that a person keeps: `choice`, `masked`, `recorded_at`, `reference`, `confirmed_at`, `made_at`."""
        return self._templates.text(
            "record", {"language": language, "sender": self._senders[workspace], **fields}
        )

    def __iter__(self) -> Iterator[Page]:
        return iter(self._pages.values())

    def _all(self, senders: Mapping[str, Sender]) -> Iterator[Page]:
        for name in PAGE_NAMES:
            for language in self._catalogues.languages:
                for workspace, sender in senders.items():
                    yield self._rendered(name, language, workspace, [sender])
                if not issubclass(CONTEXTS[name], Linked):
                    yield self._rendered(name, language, None, list(senders.values()))

    def _rendered(self, name: PageName, language: str, workspace: str | None, senders: list[Sender]) -> Page:
        fields = [DIGEST, *(field.name for field in dataclasses.fields(CONTEXTS[name]))]
        linked = "link" in fields
        values = {
            "language": language,
            "direction": self._catalogues.direction(language),
            "languages": [
                (tag, self._catalogues.name(tag), self._catalogues.direction(tag))
                for tag in self._catalogues.languages
            ],
            "style": Markup(self._style.text),  # noqa: S704 - the file we ship, checked by Stylesheet
            "sender": senders[0] if len(senders) == 1 else None,
            "senders": senders,
            "linked": linked,
            **{field: Markup(f"{MARKER_OPENS}{field}{MARKER_CLOSES}") for field in fields},  # noqa: S704 - names of our own fields
        }
        return Page(
            name=name,
            language=language,
            workspace=workspace,
            theme=self._theme,
            csp=self._style.csp,
            text=_with_visible_markers(self._templates.render(name, values)),
        )


def _with_visible_markers(text: str) -> str:
    """Braces that were in the text already, in a sender's name say, must not come out as a marker."""
    text = text.replace("{{", "&#123;&#123;")
    return text.replace(MARKER_OPENS, "{{").replace(MARKER_CLOSES, "}}")
