"""A theme's style: what may stand in `style.css`, and a theme's colours as the shipped style's variables."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import tinycss2

from resign.themes.fault import Fault
from resign.themes.needless import needless
from resign.themes.pictures import PICTURE, wrong_with
from resign.themes.unclosed import unclosed

FILE = "style.css"
MOST_BYTES = 20 * 1024
_MOST_DEPTH = 8
# What a page is shown in, as far as the look shows it: widths and the two schemes. Anything else, a coarse pointer
# say, or a browser that knows a property, would show some people another page than the one that was looked at.
_FEATURE = (
    r"\(\s*(?:(?:min|max)-width\s*:\s*[0-9]{1,5}(?:\.[0-9]{1,4})?(?:px|rem|em)"
    r"|prefers-color-scheme\s*:\s*(?:light|dark))\s*\)"
)
_QUERY = rf"(?:(?:only\s+)?(?:screen|print|all)|{_FEATURE})(?:\s+and\s+{_FEATURE})*"
_MEDIA = re.compile(rf"\s*{_QUERY}(?:\s*,\s*{_QUERY})*\s*")
_WIDTH = re.compile(r"(min|max)-width\s*:\s*([0-9]{1,5}(?:\.[0-9]{1,4})?)(px|rem|em)")
_MOST_WIDTHS = 8
# Of one em in a width, by the browsers' own size of text.
_PIXELS = {"px": 1, "rem": 16, "em": 16}
_SELECTED_BY = {"type", "aria-invalid", "open"}
_STATES = frozenset(
    "after any-link before checked dir disabled enabled first-child first-of-type focus focus-visible hover is "
    "last-child last-of-type link marker not nth-child nth-last-child nth-last-of-type nth-of-type only-child "
    "only-of-type placeholder root selection where".split()
)
# Properties that can say something, which no list of phrases would see.
_SAYING = re.compile(
    r"(?:-webkit-)?(?:content|quotes|list-style(?:-type)?|text-overflow|hyphenate-character|text-emphasis(?:-style)?)"
)
_FETCHING = {
    "url",
    "src",
    "image",
    "image-set",
    "-webkit-image-set",
    "cross-fade",
    "element",
    "attr",
    "expression",
    "env",
    "if",
    "random",
}
# Those of one browser only do nothing in the one that looks.
_OLD = re.compile(r"behavior|-(?:moz|ms|o|khtml|apple|epub)-.*")
_LAST = "the-last-rule-of-all"
# Where a reader asks for more contrast, the shipped style's answer must come after a theme's colours.
_MORE = "@media (prefers-contrast: more){:root{--soft:var(--ink);--line:var(--ink);--edge:var(--ink)}}"
_LOGO = ".brand img{display:block;inline-size:auto;block-size:auto;max-inline-size:100%;max-block-size:5rem}"


def style_of(
    shipped: str, colours: Mapping[str, str], dark: Mapping[str, str], own: str, *, logo: bool
) -> str:
    """The whole style. A theme without any of these has the shipped one, to the byte."""
    schemes = "".join(
        f"@media screen and (prefers-color-scheme: {scheme}){{:root{{{_variables(of)}}}}}"
        for scheme, of in (("light", colours), ("dark", dark))
        if of
    )
    return f"{shipped}{schemes}{_MORE if schemes else ''}{_LOGO if logo else ''}{own}"


def _variables(colours: Mapping[str, str]) -> str:
    return ";".join(f"--{name}:{colours[name]}" for name in sorted(colours))


def style_faults(text: str) -> list[Fault]:
    """What is wrong with a `style.css`, each with its line."""
    if len(text.encode()) > MOST_BYTES:
        return [_fault("it is too long", "A style is at most 20 kB.")]
    if "<" in text:
        line = text.count("\n", 0, text.index("<")) + 1
        return [_fault("`<` would end the style's element", r"Write \3c where you need the sign.", line)]
    if "{{" in text:
        return [_fault("two braces look like a value's place", "Put a blank between them.")]
    whole = f"{text}\n{_LAST}{{}}"
    rules = tinycss2.parse_stylesheet(whole, skip_comments=True, skip_whitespace=True)
    last = rules[-1] if rules else None
    if last is None or last.type != "qualified-rule" or tinycss2.serialize(last.prelude).strip() != _LAST:
        opened = unclosed(whole, _LAST)
        return [_fault("a brace, bracket, quote or comment is not closed", "Close it.", opened)]
    if len({*_WIDTH.findall(text.lower())}) > _MOST_WIDTHS:
        return [
            _fault("it has too many widths", f"Use at most {_MOST_WIDTHS} of min-width and max-width in all.")
        ]
    return list(_in_rules(rules[:-1], 0))


def widths(text: str) -> set[int]:
    """In CSS pixels: of each range of widths for which a style without faults has rules, one that lies in it."""
    return {
        math.ceil(float(number) * _PIXELS[unit])
        if bound == "min"
        else math.floor(float(number) * _PIXELS[unit]) + 1
        for bound, number, unit in _WIDTH.findall(text.lower())
    }


def declared(text: str) -> list[tuple[str, str, int]]:
    """Property, value and line of all that a style without faults declares; its own variables may be anything."""
    found = []
    waiting = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)[::-1]
    while waiting:
        rule = waiting.pop()
        if rule.type == "declaration" and not rule.name.startswith("--"):
            value = " ".join(tinycss2.serialize(rule.value).split())
            found.append((rule.lower_name, value, rule.source_line))
        elif rule.type in {"at-rule", "qualified-rule"} and rule.content is not None:
            inner = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            waiting += inner[::-1]
    return found


def _in_rules(rules: Iterable[Any], depth: int) -> Iterator[Fault]:
    for rule in rules:
        if depth > _MOST_DEPTH:
            yield _fault("rules are nested too deeply", "Take some braces away.", rule.source_line)
        elif rule.type == "error":
            yield _fault(f"this cannot be read: {rule.message}", "Mend it.", rule.source_line)
        elif rule.type == "at-rule":
            yield from _in_at_rule(rule, depth)
        elif rule.type == "qualified-rule":
            yield from _in_values(rule.prelude, 0)
            yield from _in_selector(rule.prelude, 0)
            yield from _in_block(rule.content, depth)
        elif rule.type == "declaration":
            yield from _in_declaration(rule)


def _in_at_rule(rule: Any, depth: int) -> Iterator[Fault]:  # noqa: ANN401 - tinycss2 has no types
    if rule.lower_at_keyword != "media" or rule.content is None:
        yield _fault(
            f"`@{rule.at_keyword[:40]}` is not allowed",
            "Use @media. Fonts and files are never fetched: name fonts that people have.",
            rule.source_line,
        )
        return
    asked = tinycss2.serialize(rule.prelude)
    if not _MEDIA.fullmatch(asked.lower()):
        yield _fault(
            f"`@media {asked.strip()[:60]}` is not allowed",
            "Ask for min-width or max-width in px, rem or em, for prefers-color-scheme, or for print.",
            rule.source_line,
        )
    yield from _in_block(rule.content, depth)


def _in_selector(tokens: Sequence[Any], depth: int) -> Iterator[Fault]:
    """Nobody is chosen by what they are called, speak or have picked, and no browser by what it alone knows."""
    if depth > _MOST_DEPTH:
        return
    for at, token in enumerate(tokens):
        if token.type == "[] block":
            said = [each for each in token.content if each.type != "whitespace"]
            if not _is_plain(said):
                yield _fault(
                    f"`{tinycss2.serialize([token])[:60]}` is not allowed",
                    "Choose by element or class; of attributes only by type, open and aria-invalid.",
                    token.source_line,
                )
        elif token.type == "function" or token.type.endswith("block"):
            yield from _in_selector(token.arguments if token.type == "function" else token.content, depth + 1)
        if not (token.type == "literal" and token.value == ":"):
            continue
        state = next((each for each in tokens[at + 1 : at + 2]), None)
        name = getattr(state, "lower_value", "") or getattr(state, "lower_name", "")
        if not (state and state.type == "literal" and state.value == ":") and name not in _STATES:
            yield _fault(
                f"`:{name[:40]}` is not allowed",
                "Choose by element or class, or by a state such as :hover or :first-child.",
                token.source_line,
            )


def _is_plain(said: Sequence[Any]) -> bool:
    """`[open]`, `[type=radio]`: a name of the list, and perhaps what it is."""
    if not said or said[0].type != "ident" or said[0].lower_value not in _SELECTED_BY:
        return False
    return len(said) == 1 or (
        len(said) == 3  # noqa: PLR2004 - name, sign and value
        and said[1].type == "literal"
        and said[1].value == "="
        and said[2].type in {"ident", "string"}
    )


def _in_block(content: Any, depth: int) -> Iterator[Fault]:  # noqa: ANN401 - tinycss2 has no types
    yield from _in_rules(
        tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True), depth + 1
    )


def _in_declaration(rule: Any) -> Iterator[Fault]:  # noqa: ANN401 - tinycss2 has no types
    if _OLD.fullmatch(rule.lower_name):
        yield _fault(f"`{rule.name[:40]}` is not allowed", "Take it out.", rule.source_line)
    if _SAYING.fullmatch(rule.lower_name) and _says(rule.value, 0):
        yield _fault(
            f"`{rule.name}` says something",
            "Words stand in templates and texts: here only signs, written out, without var().",
            rule.source_line,
        )
    for what, remedy in needless(rule.lower_name, rule.value):
        yield _fault(what, remedy, rule.source_line)
    yield from _in_values(rule.value, 0)


def _says(values: Iterable[Any], depth: int) -> bool:
    for value in values:
        if depth > _MOST_DEPTH:
            return True
        if value.type == "string" and any(each.isalpha() for each in value.value):
            return True
        if value.type == "function" and value.lower_name != "url":
            if value.lower_name == "var" or _says(value.arguments, depth + 1):
                return True
        elif value.type.endswith("block") and _says(value.content, depth + 1):
            return True
    return False


def _in_values(values: Iterable[Any], depth: int) -> Iterator[Fault]:
    for value in values:
        line = value.source_line
        if depth > _MOST_DEPTH:
            yield _fault("brackets are nested too deeply", "Take some away.", line)
        elif value.type == "error":
            yield _fault(f"this cannot be read: {value.message}", "Mend it.", line)
        elif value.type == "url":
            yield from _shown(value.value, line)
        elif value.type == "string" and ("/*" in value.value or "*/" in value.value):
            yield _fault("a comment's signs stand in quotes", "Take them out.", line)
        elif value.type == "function":
            yield from _in_function(value, depth)
        elif value.type.endswith("block"):
            yield from _in_values(value.content, depth + 1)


def _in_function(function: Any, depth: int) -> Iterator[Fault]:  # noqa: ANN401 - tinycss2 has no types
    if function.lower_name == "url":
        named = [part for part in function.arguments if part.type not in {"whitespace", "comment"}]
        is_plain = len(named) == 1 and named[0].type == "string"
        yield from _shown(named[0].value if is_plain else "", function.source_line)
    elif function.lower_name in _FETCHING:
        yield _fault(
            f"`{function.name[:40]}()` is not allowed",
            "Write the value itself, a picture as url(data:image/png;base64,…).",
            function.source_line,
        )
    else:
        yield from _in_values(function.arguments, depth + 1)


def _shown(address: str, line: int) -> Iterator[Fault]:
    if not PICTURE.fullmatch(address):
        yield _fault("a page fetches nothing", "Put a picture in itself: url(data:image/png;base64,…).", line)
    elif wrong := wrong_with(address):
        yield _fault(*wrong, line)


def _fault(what: str, remedy: str, line: int | None = None) -> Fault:
    return Fault(where=FILE, what=what, remedy=remedy, line=line)
