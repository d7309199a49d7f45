"""`theme.toml`: a theme's colours, sender and logo."""

import contextlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from resign.themes.fault import Fault
from resign.themes.nearest import meant
from resign.themes.sender import Sender

FILE = "theme.toml"
COLOURS = (
    "paper",
    "ink",
    "soft",
    "line",
    "edge",
    "sign",
    "alert",
    "press",
    "press-over",
    "press-ink",
    "focus",
)
_TOP = ("colours", "sender", "logo", "logo-alt")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_LOGO = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}")
_MOST_OF_A_NAME = 200
_MOST_PARTS = 4
# Each alternative takes all that it could ever take, so that no text is gone through twice.
_TOKEN = re.compile(
    r'''(?P<long>"""(?:[^"\\]|\\(?:.|\Z)|"(?!""))*+(?:"""|\Z)"{0,2}|\'{3}(?:[^\']|\'(?!\'\'))*+(?:\'{3}|\Z)\'{0,2})'''
    r"""|(?P<part>"(?:[^"\\\n]|\\.)*+"?|\'[^\'\n]*+\'?|[\w-]++)|(?P<dot>\.)|(?P<blank>[ \t]++)|\#[^\n]*+|.""",
    re.DOTALL,
)
_MOST_UNKNOWN = 20
_KEY = re.compile(
    r"""[ \t]*+(?:"(?P<quoted>(?:[^"\\]|\\.)*+)"|'(?P<as_is>[^']*+)'|(?P<bare>[\w-]++))[ \t]*+="""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    colours: Mapping[str, str] = field(default_factory=dict)
    dark: Mapping[str, str] = field(default_factory=dict)
    sender: Sender | None = None
    logo: str = ""
    logo_alt: str = ""


def manifest(text: str, faults: list[Fault]) -> Manifest:
    """What the file says; what is wrong with it is added to `faults`, and left out."""
    table = parsed(FILE, text, faults)
    found = _Reading(text, faults)
    found.only(table, _TOP)
    colours = found.table(table, "colours")
    dark = found.table(colours, "dark")
    sender = found.table(table, "sender")
    logo = found.word(table, "logo")
    if logo and not _LOGO.fullmatch(logo):
        found.fault("logo", "a logo's file lies beside theme.toml", 'Write its name: logo = "logo.png"')
        logo = ""
    return Manifest(
        colours=found.colours({name: value for name, value in colours.items() if name != "dark"}),
        dark=found.colours(dark),
        sender=found.sender(sender) if sender else None,
        logo=logo,
        logo_alt=found.word(table, "logo-alt"),
    )


def parsed(path: str, text: str, faults: list[Fault]) -> dict[str, Any]:
    """The file as TOML; nothing, and a fault, where it is none."""
    if line := too_deep(text):
        faults.append(
            Fault(
                where=path,
                what="a key has more than four parts",
                remedy='A text with dots stands in quotes: "a.b" = "c"',
                line=line,
            )
        )
        return {}
    try:
        return tomllib.loads(text)
    except ValueError as error:
        at = re.search(r"at line (\d+)", str(error))
        what = re.sub(r" \(at .*\)$", "", str(error))[:200]
        line = int(at[1]) if at else None
        faults.append(
            Fault(where=path, what=f"it is not TOML: {what}", remedy='Write: name = "value"', line=line)
        )
    except RecursionError:
        faults.append(Fault(where=path, what="it is nested too deeply", remedy='Write: name = "value"'))
    return {}


def too_deep(text: str) -> int | None:
    """The line of the first key of more than four parts. No key of a theme has more than two.

    Whoever reads TOML goes through all parts before for each part, so what is short can take minutes and all memory.
    """
    parts, is_open = 0, False
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "part":
            parts, is_open = parts + 1 if is_open else 1, False
            if parts > _MOST_PARTS:
                return text.count("\n", 0, token.start()) + 1
        elif token.lastgroup == "dot":
            is_open = parts > 0
        elif token.lastgroup != "blank":
            parts, is_open = 0, False
    return None


def line_of(key: str, text: str) -> int | None:
    """Where a key stands, bare or quoted; None where it is written in another way."""
    found = re.search(rf"^[ \t]*(?:\[[^\]\n]*)?[\"']?{re.escape(key)}[\"']?[ \t]*[=\].]", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else None


def lines_of(text: str) -> dict[str, int]:
    """Of every key that begins a line its line, in one pass."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if key := _KEY.match(line):
            found.setdefault(_plain(key["quoted"]) if key["quoted"] else key["bare"] or key["as_is"], number)
    return found


def _plain(quoted: str) -> str:
    """What TOML and JSON escape alike; another escape leaves a key without its line."""
    with contextlib.suppress(ValueError):
        return str(json.loads(f'"{quoted}"'))
    return quoted


@dataclass(frozen=True, slots=True)
class _Reading:
    text: str
    faults: list[Fault]

    def fault(self, key: str, what: str, remedy: str) -> None:
        self.faults.append(Fault(where=FILE, what=what, remedy=remedy, line=line_of(key, self.text)))

    def only(self, table: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in [each for each in table if each not in known][:_MOST_UNKNOWN]:
            self.fault(key, f"`{key[:80]}` is not known", meant(key, known))

    def table(self, table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        value = table.get(key, {})
        if isinstance(value, dict):
            return value
        self.fault(key, f"`{key}` is a table", f"Write [{key}], and below it: name = value")
        return {}

    def word(self, table: Mapping[str, Any], key: str) -> str:
        value = table.get(key, "")
        if isinstance(value, str) and len(value) <= _MOST_OF_A_NAME and "\n" not in value:
            return value.strip()
        self.fault(key, f"`{key}` is a short text", f"Write at most {_MOST_OF_A_NAME} characters in quotes.")
        return ""

    def colours(self, table: Mapping[str, Any]) -> dict[str, str]:
        self.only(table, COLOURS)
        for name, value in table.items():
            if name in COLOURS and not (isinstance(value, str) and _COLOUR.fullmatch(value)):
                self.fault(name, f"`{name}` is not a colour", 'Write six digits: "#1a1e1c"')
        return {
            name: value.lower()
            for name, value in table.items()
            if name in COLOURS and isinstance(value, str) and _COLOUR.fullmatch(value)
        }

    def sender(self, table: Mapping[str, Any]) -> Sender | None:
        self.only(table, ("name", "contact"))
        try:
            return Sender(self.word(table, "name"), self.word(table, "contact"))
        except ValueError as error:
            self.fault(
                "sender", str(error), 'Write: name = "Fjord & Fern", contact = "hello@fjordfern.example"'
            )
            return None
