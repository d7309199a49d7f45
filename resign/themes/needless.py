"""What a style can say that no page needs: it takes something away at a moment at which nobody looks, or unreadably."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

_MOST_DEPTH = 8
_PROPERTIES = re.compile(
    # A chosen field must look chosen, letters must be letters and stand in their order.
    r"appearance|text-security|unicode-bidi|direction|text-orientation|order|reading-(?:flow|order)"
    # What lies over a button must take its press, or the look does not see that it lies there.
    r"|pointer-events|touch-action|interactivity|mix-blend-mode|backdrop-filter|backface-visibility"
    # What comes with time, or with how far somebody has scrolled.
    r"|animation(?:-.*)?|(?:scroll|view)-timeline(?:-.*)?|timeline-.*|scroll-snap-.*|view-transition-.*"
    # What is drawn or placed by rules of its own.
    r"|offset(?:-.*)?|anchor-.*|position-(?:anchor|area|try.*|visibility)|zoom|contain(?:-.*)?|content-visibility"
)
# Of one browser, what every page has.
_WEBKIT = frozenset(
    "-webkit-font-smoothing -webkit-text-size-adjust -webkit-hyphens -webkit-tap-highlight-color "
    "-webkit-box-decoration-break -webkit-box-shadow -webkit-border-radius -webkit-user-select".split()
)
_CHANGING = frozenset(
    "none color background-color border-color outline-color text-decoration-color fill stroke box-shadow "
    "ease ease-in ease-out ease-in-out linear".split()
)
_MOST_SECONDS = 1
_HIGH = re.compile(r"[sld]?v(?:h|b|min|max)")
# How high the page is at least may depend on the screen, and nothing else.
_HIGH_IN = {"min-height", "min-block-size"}
# Their letters are signs.
_FONTS = re.compile(
    r"wingdings|webdings|dingbats|marlett|mdl2 assets|fluent icons|mt extra|bookshelf symbol|symbolps"
    r"|standard symbols|d050000l|reference specialty|holomdl2|^symbol$|redacted|adobe blank|barcode",
    re.MULTILINE,
)


def needless(name: str, value: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with a declaration and what to do, for the name of a property in small letters."""
    if _PROPERTIES.fullmatch(name.removeprefix("-webkit-")) or (
        name.startswith("-webkit-") and name not in _WEBKIT
    ):
        yield f"`{name[:40]}` is not allowed", "Take it out: no page needs it."
    if re.fullmatch(r"(?:-webkit-)?transition(?:-.*)?", name) and not _is_gentle(name, value):
        yield (
            f"`{name[:40]}` changes more than colours",
            "Name the colours that change, and at most a second: transition: color 0.2s.",
        )
    tokens = list(_tokens(value, 0))
    if any(
        token.type == "dimension" and _HIGH.fullmatch(token.lower_unit)
        and (name not in _HIGH_IN or deep) for token, deep in tokens
    ):  # fmt: skip
        yield (
            "something depends on how high the screen is",
            "Only min-block-size may, in vh alone: nobody looks at every height.",
        )
    if any(token.type == "ident" and token.lower_value == "line-through" for token, _ in tokens):
        yield "`line-through` is not allowed", "Take it out: words are there to be read."
    if _FONTS.search("\n".join(_names([token for token, _ in tokens]))):
        yield "a font of signs is not allowed", "Name one whose letters are letters."


def _is_gentle(name: str, value: Sequence[Any]) -> bool:
    """Names of colours, times and the plain curves. Whoever names no property means all of them."""
    named = False
    for token in value:
        if token.type == "ident" and token.lower_value in _CHANGING:
            named = True
        elif token.type == "dimension":
            seconds = token.value / (1000 if token.lower_unit == "ms" else 1)
            if not 0 <= seconds <= _MOST_SECONDS:
                return False
        elif token.type not in {"whitespace", "comment"} and not (
            token.type == "literal" and token.value == ","
        ):
            return False
    return named or not name.endswith(("transition", "property"))


def _tokens(values: Iterable[Any], depth: int) -> Iterator[tuple[Any, bool]]:
    """With whether it stands in a function or in brackets."""
    if depth > _MOST_DEPTH:
        return
    for value in values:
        yield value, depth > 0
        if value.type == "function":
            yield from _tokens(value.arguments, depth + 1)
        elif value.type.endswith("block"):
            yield from _tokens(value.content, depth + 1)


def _names(tokens: Iterable[Any]) -> Iterator[str]:
    """Names of fonts as they may stand there: in quotes, or as words side by side."""
    words: list[str] = []
    for token in tokens:
        if token.type == "ident":
            words.append(token.lower_value)
        elif token.type == "string":
            yield " ".join(token.value.lower().split())
        elif token.type not in {"whitespace", "comment"}:
            yield " ".join(words)
            words = []
    yield " ".join(words)
