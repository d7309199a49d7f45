"""A theme's style: what may stand in `style.css`, and a theme's colours as the shipped style's variables."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import tinycss2

from resign.themes.fault import Fault

FILE = "style.css"
MOST_BYTES = 20 * 1024
_MOST_DEPTH = 8
_AT_RULES = {"media", "supports", "container", "layer"}
_PICTURE = re.compile(r"data:image/(?:png|jpeg|webp);base64,[A-Za-z0-9+/=]+")
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
}
_OLD = {"behavior", "-moz-binding"}
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
    rules = tinycss2.parse_stylesheet(f"{text}\n{_LAST}{{}}", skip_comments=True, skip_whitespace=True)
    last = rules[-1] if rules else None
    if last is None or last.type != "qualified-rule" or tinycss2.serialize(last.prelude).strip() != _LAST:
        return [_fault("a brace, bracket, quote or comment is not closed", "Close it.")]
    return list(_in_rules(rules[:-1], 0))


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
            yield from _in_block(rule.content, depth)
        elif rule.type == "declaration":
            yield from _in_declaration(rule)


def _in_at_rule(rule: Any, depth: int) -> Iterator[Fault]:  # noqa: ANN401 - tinycss2 has no types
    if rule.lower_at_keyword not in _AT_RULES or rule.content is None:
        yield _fault(
            f"`@{rule.at_keyword[:40]}` is not allowed",
            "Use @media or @supports. Fonts and files are never fetched: name fonts that people have.",
            rule.source_line,
        )
        return
    yield from _in_values(rule.prelude, 0)
    yield from _in_block(rule.content, depth)


def _in_block(content: Any, depth: int) -> Iterator[Fault]:  # noqa: ANN401 - tinycss2 has no types
    yield from _in_rules(
        tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True), depth + 1
    )


def _in_declaration(rule: Any) -> Iterator[Fault]:  # noqa: ANN401 - tinycss2 has no types
    if rule.lower_name in _OLD:
        yield _fault(f"`{rule.name}` is not allowed", "Take it out.", rule.source_line)
    yield from _in_values(rule.value, 0)


def _in_values(values: Iterable[Any], depth: int) -> Iterator[Fault]:
    for value in values:
        line = value.source_line
        if depth > _MOST_DEPTH:
            yield _fault("brackets are nested too deeply", "Take some away.", line)
        elif value.type == "error":
            yield _fault(f"this cannot be read: {value.message}", "Mend it.", line)
        elif value.type == "url" and not _PICTURE.fullmatch(value.value):
            yield _fetched(line)
        elif value.type == "string" and ("/*" in value.value or "*/" in value.value):
            yield _fault("a comment's signs stand in quotes", "Take them out.", line)
        elif value.type == "function":
            yield from _in_function(value, depth)
        elif value.type.endswith("block"):
            yield from _in_values(value.content, depth + 1)


def _in_function(function: Any, depth: int) -> Iterator[Fault]:  # noqa: ANN401 - tinycss2 has no types
    if function.lower_name == "url":
        named = [part for part in function.arguments if part.type not in {"whitespace", "comment"}]
        if not (len(named) == 1 and named[0].type == "string" and _PICTURE.fullmatch(named[0].value)):
            yield _fetched(function.source_line)
    elif function.lower_name in _FETCHING:
        yield _fault(
            f"`{function.name[:40]}()` is not allowed",
            "Write the value itself, a picture as url(data:image/png;base64,…).",
            function.source_line,
        )
    else:
        yield from _in_values(function.arguments, depth + 1)


def _fetched(line: int) -> Fault:
    return _fault("a page fetches nothing", "Put a picture in itself: url(data:image/png;base64,…).", line)


def _fault(what: str, remedy: str, line: int | None = None) -> Fault:
    return Fault(where=FILE, what=what, remedy=remedy, line=line)
