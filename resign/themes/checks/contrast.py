"""A theme's colours against one another, computed as WCAG 2.2 says (1.4.3 and 1.4.11), in light and in dark."""

import re
from collections.abc import Iterator, Mapping

from resign.themes.fault import Fault
from resign.themes.manifest import COLOURS, FILE

TEXT, EDGE = 4.5, 3.0
# Of sRGB, as WCAG 2.2 defines relative luminance.
_LINEAR_BELOW = 0.04045
_PAIRS = (
    ("ink", "paper", TEXT),
    ("soft", "paper", TEXT),
    ("alert", "paper", TEXT),
    ("press-ink", "press", TEXT),
    ("press-ink", "press-over", TEXT),
    ("sign", "paper", EDGE),
    ("edge", "paper", EDGE),
    ("focus", "paper", EDGE),
)
_VARIABLE = re.compile(rf"--({'|'.join(COLOURS)}):\s*(#[0-9a-f]{{6}})")


def faults(
    light: Mapping[str, str], dark: Mapping[str, str], shipped_style: str, theme_toml: str
) -> Iterator[Fault]:
    """Colours that the theme does not name are the shipped ones. Nothing is said of a theme that names none."""
    before, _, after = shipped_style.partition("@media (prefers-color-scheme: dark)")
    schemes = (
        ("light", light, dict(_VARIABLE.findall(before))),
        ("dark", dark, dict(_VARIABLE.findall(after.partition("@media")[0]))),
    )
    for scheme, own, shipped in schemes:
        colours = {**shipped, **own}
        for ink, paper, least in _PAIRS:
            if not {ink, paper} & own.keys():
                continue
            ratio = contrast(colours[ink], colours[paper])
            if ratio < least:
                named = ink if ink in own else paper
                yield Fault(
                    where=FILE,
                    what=f"{scheme}: `{ink}` {colours[ink]} on `{paper}` {colours[paper]} has a contrast of {ratio:.2f}",
                    remedy=f"{least:g} is the least. Make one of them lighter or darker.",
                    line=_line(theme_toml, scheme, named),
                )


def contrast(one: str, other: str) -> float:
    """Of two colours `#rrggbb`: from 1, the same, to 21, black on white."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= _LINEAR_BELOW else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _line(theme_toml: str, scheme: str, name: str) -> int | None:
    """Of the table of this scheme, as far as it is written as a table."""
    table = "colours.dark" if scheme == "dark" else "colours"
    inside = ""
    for number, line in enumerate(theme_toml.splitlines(), start=1):
        if header := re.match(r"\s*\[\s*([\w.]+)\s*\]", line):
            inside = header[1]
        elif inside == table and re.match(rf"\s*[\"']?{name}[\"']?\s*=", line):
            return number
    return None
