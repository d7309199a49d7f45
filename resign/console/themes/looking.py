"""A theme's colours, sender and logo: `theme.toml` and the picture, field by field."""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping

import tomlkit
from tomlkit.exceptions import TOMLKitError

from resign.console.spoken import mark, say
from resign.console.themes.part import Changed, Faults, text_of, with_text
from resign.console.themes.told import said, told_as
from resign.themes.contexts import PageName
from resign.themes.logo import BadLogo, logo, media_type
from resign.themes.manifest import COLOURS, FILE
from resign.themes.pages import shipped_style
from resign.themes.sender import Sender
from resign.themes.source import ThemeSource

SCHEMES = ("light", "dark")
# In the order in which they are chosen, each with the words for it.
NAMES = {
    "paper": mark("Paper: behind everything"),
    "ink": mark("Ink: the text"),
    "soft": mark("Quieter text"),
    "line": mark("Fine lines"),
    "edge": mark("Edges of fields and quiet buttons"),
    "press": mark("The button"),
    "press-over": mark("The button under the pointer"),
    "press-ink": mark("Text on the button"),
    "sign": mark("Ticks and signs"),
    "alert": mark("Warnings"),
    "focus": mark("The ring around what has the focus"),
}
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_MOST_CHARACTERS = 200
_HELD = "logo-held"


class LookPart:
    field = "look"
    pages: tuple[PageName, ...] = ("optout",)
    paths = (FILE,)

    def shown(self, source: ThemeSource) -> dict[str, str]:
        """By field; of the picture whatever changes when it does."""
        table = _table(source).unwrap()
        colours = _inner(table, "colours")
        dark, sender = _inner(colours, "dark"), _inner(table, "sender")
        return {
            **{f"light.{name}": _word(colours, name) for name in COLOURS},
            **{f"dark.{name}": _word(dark, name) for name in COLOURS},
            "logo-file": _printed(source.files.get(_word(table, "logo"), b"")),
            "logo-alt": _word(table, "logo-alt"),
            "sender.name": _word(sender, "name"),
            "sender.contact": _word(sender, "contact"),
        }

    def labels(self, _source: ThemeSource) -> dict[str, str]:
        schemes = {"light": say(mark("light")), "dark": say(mark("dark"))}
        return {
            **{
                f"{scheme}.{name}": f"{say(words)} ({said})"
                for scheme, said in schemes.items()
                for name, words in NAMES.items()
            },
            "logo-file": say(mark("Logo")),
            "logo-alt": say(mark("What the picture says")),
            "sender.name": say(mark("Name of the sender")),
            "sender.contact": say(mark("Contact of the sender")),
        }

    def sent(self, form: Mapping[str, str], files: Mapping[str, bytes]) -> dict[str, str]:
        came = {name: text for name, text in form.items() if name != "logo-file"}
        try:
            return {**came, "logo-file": _printed(_sent(form, files))}
        except BadLogo:
            return {**came, "logo-file": ""} if form.get("logo-away") else came

    def change(self, source: ThemeSource, typed: Mapping[str, str], files: Mapping[str, bytes]) -> Changed:
        faults: Faults = {}
        document = _table(source)
        fields = {name: typed[name].strip() for name in self.shown(source) if name in typed}
        for scheme in SCHEMES:
            _colours(document, scheme, fields, faults)
        _sender(document, fields, self.shown(source), faults)
        _alternative(document, fields, faults)
        source = _logo(document, source, typed, files, faults)
        return Changed(source=with_text(source, FILE, tomlkit.dumps(document)), faults=faults)


def shipped_colours() -> dict[str, dict[str, str]]:
    """By scheme and name."""
    found = re.findall(r"--([a-z-]+):\s*(#[0-9a-fA-F]{6})\s*;", shipped_style())
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    for name, value in found:
        if name not in COLOURS:
            continue
        if name not in light:
            light[name] = value
        else:
            dark.setdefault(name, value)
    return {"light": light, "dark": dark}


def picture(source: ThemeSource) -> str:
    """The theme's logo as a `data:` address; nothing where it has none that can be used."""
    name = _word(_table(source).unwrap(), "logo")
    try:
        return _address(logo(source.files[name])) if name in source.files else ""
    except BadLogo:
        return ""


def held(typed: Mapping[str, str], files: Mapping[str, bytes]) -> str:
    """A good picture that was sent along with something that is wrong: sent back, so that it need not be found again."""
    try:
        return base64.b64encode(_sent(typed, files)).decode()
    except BadLogo:
        return ""


def _colours(document: tomlkit.TOMLDocument, scheme: str, fields: Mapping[str, str], faults: Faults) -> None:
    for name in COLOURS:
        value = fields.get(f"{scheme}.{name}")
        if value is None:
            continue
        if not value:
            _take(document, scheme, name)
        elif COLOUR.fullmatch(value):
            _place(document, scheme)[name] = value.lower()
        else:
            faults[f"{scheme}.{name}"] = [said(mark("Write a colour as # and six digits, such as #1a1e1c."))]


def _sender(
    document: tomlkit.TOMLDocument, fields: Mapping[str, str], there: Mapping[str, str], faults: Faults
) -> None:
    name = fields.get("sender.name", there["sender.name"])
    contact = fields.get("sender.contact", there["sender.contact"])
    if not name and not contact:
        document.pop("sender", None)
        return
    for field, value in (("sender.name", name), ("sender.contact", contact)):
        if not value:
            faults[field] = [said(mark("Fill in both, the name and the contact, or neither."))]
        elif len(value) > _MOST_CHARACTERS:
            faults[field] = [said(mark("This is too long: 200 characters at most."))]
    if "sender.name" in faults or "sender.contact" in faults:
        return
    try:
        Sender("x", contact)
    except ValueError:
        faults["sender.contact"] = [
            said(mark("Write an e-mail address, or a page that begins with https://"))
        ]
    try:
        Sender(name, "x@example.com")
    except ValueError:
        faults["sender.name"] = [said(mark("This holds a character that no text has."))]
    if "sender.name" not in faults and "sender.contact" not in faults:
        table = document.setdefault("sender", tomlkit.table())
        table["name"], table["contact"] = name, contact


def _alternative(document: tomlkit.TOMLDocument, fields: Mapping[str, str], faults: Faults) -> None:
    value = fields.get("logo-alt")
    if value is None:
        return
    if len(value) > _MOST_CHARACTERS or not value.isprintable():
        faults["logo-alt"] = [said(mark("This is too long: 200 characters at most."))]
    elif value:
        document["logo-alt"] = value
    else:
        document.pop("logo-alt", None)


def _logo(
    document: tomlkit.TOMLDocument,
    source: ThemeSource,
    typed: Mapping[str, str],
    files: Mapping[str, bytes],
    faults: Faults,
) -> ThemeSource:
    there = _word(document.unwrap(), "logo")
    if files.get("logo-file") == b"":
        faults["logo-file"] = [said(mark("This file is empty. Choose another one."))]
        return source
    try:
        made = _sent(typed, files)
    except BadLogo as bad:
        if bad.what:
            faults["logo-file"] = [told_as(bad.what, bad.remedy)]
            return source
        made = b""
    if "logo-file" not in typed:  # it is the one that they began with
        return source
    if made:
        source = source.with_file(there, None)
        name = "logo.png" if media_type(made) == "image/png" else "logo.webp"
        document["logo"] = name
        return source.with_file(name, made)
    if typed.get("logo-away"):
        document.pop("logo", None)
        return source.with_file(there, None)
    return source


def _sent(typed: Mapping[str, str], files: Mapping[str, bytes]) -> bytes:
    """BadLogo, without a word where nothing was sent."""
    if files.get("logo-file"):
        return logo(files["logo-file"])
    try:
        again = base64.b64decode(typed.get(_HELD, ""), validate=True)
    except (binascii.Error, ValueError):
        again = b""
    if not again:
        raise BadLogo("", "")
    return logo(again)


def _printed(made: bytes) -> str:
    """Changes when the picture does, whatever it is called."""
    return hashlib.sha256(made).hexdigest()[:16] if made else ""


def _table(source: ThemeSource) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(text_of(source, FILE))
    except (TOMLKitError, RecursionError):
        return tomlkit.document()


def _place(document: tomlkit.TOMLDocument, scheme: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - tomlkit's own containers
    colours = document.setdefault("colours", tomlkit.table())
    return colours if scheme == "light" else colours.setdefault("dark", tomlkit.table())


def _take(document: tomlkit.TOMLDocument, scheme: str, name: str) -> None:
    table = document.unwrap()
    inner = _inner(table, "colours")
    if name in (inner if scheme == "light" else _inner(inner, "dark")):
        _place(document, scheme).pop(name)


def _inner(table: Mapping[str, object], name: str) -> Mapping[str, object]:
    inner = table.get(name)
    return inner if isinstance(inner, dict) else {}


def _word(table: Mapping[str, object], name: str) -> str:
    value = table.get(name, "")
    return value if isinstance(value, str) else ""


def _address(made: bytes) -> str:
    return f"data:{media_type(made)};base64,{base64.b64encode(made).decode()}"
