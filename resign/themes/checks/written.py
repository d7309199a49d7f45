"""How the shipped pages write their forms: each by a macro."""

import re

from resign import paths

_CALL = re.compile(r"\{\{ (\w+)\.(\w+)\((.*?)\) \}\}")
_IMPORT = re.compile(r'\{% import "([\w.-]+)" as (\w+) ')
# It posts to what it is given, so its own name for that says nothing.
_GIVEN = "press"
_MACRO = re.compile(r"\{% macro (\w+)\(.*?\) *-?%\}(.*?)\{%-? endmacro %\}", re.DOTALL)


def written(template: str, action: str) -> str:
    """What the shipped template says for the form to `action`, `{{action}}` or `/u/`; empty where it is not found."""
    text = _text(template)
    macros = {
        (name, macro): body
        for file, name in _IMPORT.findall(text)
        for macro, body in _MACRO.findall(_text(file))
    }
    value = action.removeprefix("{{").removesuffix("}}")
    found = [
        call[0]
        for call in _CALL.finditer(text)
        if (_first(call[3]) == value)
        or (call[2] != _GIVEN and _leads(macros.get((call[1], call[2]), ""), action, value))
    ]
    return " and ".join(dict.fromkeys(found))


def _leads(macro: str, action: str, value: str) -> bool:
    return any(
        each in macro for each in (f'action="{{{{ {value} }}}}"', f'action="{action}"', f"press({value},")
    )


def _first(arguments: str) -> str:
    return arguments.partition(",")[0].strip()


def _text(template: str) -> str:
    return (paths.templates() / "public" / template).read_text("utf-8")
