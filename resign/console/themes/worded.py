"""A theme's texts in one language: what each page says, and what it says instead."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import tomlkit
from flask import current_app
from tomlkit.exceptions import TOMLKitError

from resign import paths
from resign.console.desk import desk
from resign.console.themes.part import Changed, Faults, text_of, with_text
from resign.console.themes.told import told
from resign.i18n import Catalogues
from resign.themes.contexts import PageName
from resign.themes.fault import Fault
from resign.themes.manifest import lines_of
from resign.themes.source import ThemeSource
from resign.themes.texts import texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An English text of the shipped templates. `form`: which of the two it is where it counts."""

    key: str
    source: str
    templates: tuple[str, ...]
    form: str = ""


class TextsPart:
    field = "texts"
    pages: tuple[PageName, ...] = ()

    def __init__(self, language: str, besides: Iterable[str] = ()) -> None:
        """`besides` are texts of own templates that the form was loaded with: one may have been taken out since."""
        self.language, self._besides = language, tuple(besides)
        self.paths = (f"texts/{language}.toml",)

    def messages(self, source: ThemeSource) -> list[Message]:
        return self._everything(said(text_of(source, self.paths[0])))

    def shown(self, source: ThemeSource) -> dict[str, str]:
        own = said(text_of(source, self.paths[0]))
        return {message.key: own.get(message.source, "") for message in self._everything(own)}

    def labels(self, source: ThemeSource) -> dict[str, str]:
        catalogues = desk().catalogues
        return {each.key: original(each, self.language, catalogues) for each in self.messages(source)}

    def sent(self, form: Mapping[str, str], _files: Mapping[str, bytes]) -> dict[str, str]:
        return dict(form)

    def change(self, source: ThemeSource, typed: Mapping[str, str], _files: Mapping[str, bytes]) -> Changed:
        text = text_of(source, self.paths[0])
        own = said(text)
        try:
            document = tomlkit.parse(text)
        except TOMLKitError:
            document = tomlkit.document()
        faults: Faults = {}
        for message in self._everything(own):
            if (given := typed.get(message.key)) is None:
                continue
            given = given.replace("\r\n", "\n").strip()
            if given == own.get(message.source, ""):
                continue
            found: list[Fault] = []
            if not given:
                document.pop(message.source, None)
                continue
            one = tomlkit.document()
            one[message.source] = given
            texts(self.paths[0], tomlkit.dumps(one), found)
            if found:
                faults[message.key] = [told(fault, with_line=False) for fault in found]
            else:
                document[message.source] = given
        return Changed(source=with_text(source, self.paths[0], tomlkit.dumps(document)), faults=faults)

    def _everything(self, own: Mapping[str, str]) -> list[Message]:
        return everything({**own, **{source: "" for source in self._besides if source not in own}})


def said(text: str) -> dict[str, str]:
    """The file as it stands; nothing of one that cannot be read."""
    try:
        table = tomlkit.parse(text).unwrap()
    except (TOMLKitError, ValueError, RecursionError):
        return {}
    return {str(source): own for source, own in table.items() if isinstance(own, str)}


def original(message: Message, language: str, catalogues: Catalogues) -> str:
    """As it is shipped in that language."""
    if not message.form:
        return catalogues.gettext(language, message.source)
    one, many = next(pair for pair in _shipped()[1] if message.source in pair)
    return catalogues.ngettext(language, one, many, 1 if message.form == "one" else 5)


def everything(own: Mapping[str, str]) -> list[Message]:
    """What the shipped templates say, and what the theme says besides."""
    there = {message.source for message in _shipped()[0]}
    more = [Message(key=_key(source), source=source, templates=()) for source in own if source not in there]
    return [*_shipped()[0], *more]


def at_line(text: str, line: int | None) -> str | None:
    """The key of the text that a line of the file is about."""
    return next((_key(source) for source, there in lines_of(text).items() if there == line), None)


def _key(source: str) -> str:
    return "t." + hashlib.sha256(source.encode()).hexdigest()[:12]


@lru_cache(maxsize=1)
def _shipped() -> tuple[tuple[Message, ...], tuple[tuple[str, str], ...]]:
    """In the order in which a person meets the pages that say them."""
    found: dict[str, list[str]] = {}
    forms: dict[str, str] = {}
    pairs: list[tuple[str, str]] = []
    files = sorted((paths.templates() / "public").glob("*.*"), key=lambda file: (_rank(file.name), file.name))
    for file in files:
        for _, function, message in current_app.jinja_env.extract_translations(file.read_text("utf-8")):  # type: ignore[attr-defined]
            parts = (
                [message] if isinstance(message, str) else [part for part in message if isinstance(part, str)]
            )
            if function == "ngettext":
                pairs.append((parts[0], parts[1]))
                forms |= {parts[0]: "one", parts[1]: "many"}
            for part in parts:
                places = found.setdefault(part, [])
                if file.name not in places:
                    places.append(file.name)
    return tuple(
        Message(key=_key(source), source=source, templates=tuple(places), form=forms.get(source, ""))
        for source, places in found.items()
    ), tuple(pairs)


def _rank(name: str) -> int:
    first = ("optout.html", "done.html", "fragments.html", "layout.html", "out.html", "undone.html")
    return first.index(name) if name in first else len(first)
