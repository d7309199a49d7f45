"""Where a style opens what it does not close."""

from typing import Any

import tinycss2


def unclosed(text: str, last: str) -> int | None:
    """The line. `last` is the name of a rule that was written behind the style: what holds it is open."""
    tokens = tinycss2.parse_component_value_list(text)
    waiting: list[tuple[Any, int | None]] = [(token, None) for token in reversed(tokens)]
    within = None
    while waiting:
        token, around = waiting.pop()
        if token.type == "error":
            # A closing brace that fits nothing: either it is too much, or what is around it is open.
            return around or token.source_line
        if token.type == "comment" and last in token.value:
            return int(token.source_line)
        if token.type == "ident" and token.value == last:
            return around
        if token.type == "function" or token.type.endswith("block"):
            within = token.source_line
            content = token.arguments if token.type == "function" else token.content
            waiting += [(each, within) for each in reversed(content)]
    return within
