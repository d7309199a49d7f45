"""Which colours stand on which, and whether they can be read there (WCAG 2.2, 1.4.3 and 1.4.11)."""

from collections.abc import Mapping
from dataclasses import dataclass

from resign.console.spoken import mark
from resign.console.themes.looking import COLOUR, SCHEMES, shipped_colours
from resign.themes.checks.contrast import EDGE, TEXT, contrast

PAIRS = (
    ("ink", "paper", TEXT, mark("Text on paper")),
    ("soft", "paper", TEXT, mark("Quieter text on paper")),
    ("press-ink", "press", TEXT, mark("Text on the button")),
    ("press-ink", "press-over", TEXT, mark("The same under the pointer")),
    ("alert", "paper", TEXT, mark("Warnings on paper")),
    ("sign", "paper", EDGE, mark("Signs on paper")),
    ("edge", "paper", EDGE, mark("Edges on paper")),
    ("focus", "paper", EDGE, mark("The focus ring on paper")),
)


@dataclass(frozen=True, slots=True)
class Pair:
    scheme: str
    ink: str
    paper: str
    least: float
    words: str
    ratio: float

    @property
    def holds(self) -> bool:
        return self.ratio >= self.least


def pairs(values: Mapping[str, str], scheme: str) -> list[Pair]:
    """With the shipped colour where none is typed, or none that is one."""
    colours = effective(values)[scheme]
    return [
        Pair(scheme, ink, paper, least, words, contrast(colours[ink], colours[paper]))
        for ink, paper, least, words in PAIRS
    ]


def effective(values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    shipped = shipped_colours()
    return {
        scheme: {
            name: _colour(values.get(f"{scheme}.{name}", "")) or value
            for name, value in shipped[scheme].items()
        }
        for scheme in SCHEMES
    }


def _colour(value: str) -> str:
    return value.strip().lower() if COLOUR.fullmatch(value.strip()) else ""
