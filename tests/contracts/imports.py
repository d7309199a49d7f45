"""Reads a module's source and says what it imports and which forbidden names it uses; runs nothing of it."""

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "resign"
_BY_NAME = ("importlib.import_module", "__import__", "importlib.__import__")
# Stands for an import whose target is only known when the program runs.
COMPUTED = "(computed)"


@dataclass(frozen=True)
class Rules:
    """`inside`: by part of the house, the parts it may import. `outside`: by library, the parts that may use it.
    `names`: by the dotted name of a thing of the standard library, the parts that may touch it.
    """

    inside: Mapping[str, frozenset[str]]
    outside: Mapping[str, frozenset[str]]
    names: Mapping[str, frozenset[str]]


def violations(part: str, source: str, rules: Rules) -> list[str]:
    """What is wrong with a module. `part` is its dotted name within the package: `outbox.claim`, `app`."""
    row = _longest(part, rules.inside)
    if row is None:
        return [f"{part}: it has no row in the table of imports"]
    tree = ast.parse(source)
    found = [
        fault
        for target in _imports(tree, part)
        if (fault := _import_fault(part, row, target, rules)) is not None
    ]
    return found + [
        f"{part}: {used} belongs to {', '.join(sorted(rules.names[used]))}"
        for used in sorted(set(_uses(tree)) & set(rules.names))
        if _longest(part, rules.names[used]) is None
    ]


def libraries_at_import(source: str) -> set[str]:
    """The libraries that importing the module needs: those in functions, or tried, or for the checker, are not."""
    tree = ast.parse(source)
    found = {
        target.partition(".")[0]
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for target in _imports(node, "")
    }
    return found - {PACKAGE} - sys.stdlib_module_names


def modules(root: Path) -> Iterator[tuple[str, str]]:
    """Every module of the package: its dotted name within it, and its source."""
    for file in sorted(root.rglob("*.py")):
        if file.relative_to(root).parts[0] == "_data":
            continue
        parts = file.relative_to(root).with_suffix("").parts
        yield ".".join(parts if parts[-1] != "__init__" or len(parts) == 1 else parts[:-1]), file.read_text()


def _import_fault(part: str, row: str, target: str, rules: Rules) -> str | None:
    library, _, rest = target.partition(".")
    if target == COMPUTED:
        return f"{part}: an import by a name that is computed cannot be checked"
    if library == PACKAGE:
        return None if _longest(rest, {row, *rules.inside[row]}) else f"{part}: imports {target}"
    known = _longest(target, rules.outside)
    if known is None:
        ours = library in sys.stdlib_module_names or library == "_typeshed"
        return None if ours else f"{part}: {library} has no row in the table of libraries"
    return None if _longest(part, rules.outside[known]) else f"{part}: uses {known}"


def _longest(name: str, prefixes: object) -> str | None:
    """The longest of the dotted prefixes that `name` lies under, itself included."""
    under = [prefix for prefix in prefixes if name == prefix or name.startswith(f"{prefix}.")]
    return max(under, key=len, default=None)


def _imports(tree: ast.AST, part: str) -> Iterator[str]:
    """Dotted targets. `from a import b` is `a.b`, whether b is a module or a name within one."""
    aliases = _aliases(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(node, part)
            yield from (module if alias.name == "*" else f"{module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _dotted(node.func, aliases) in _BY_NAME:
            name = node.args[0] if node.args else None
            yield name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else COMPUTED


def _absolute(node: ast.ImportFrom, part: str) -> str:
    if not node.level:
        return node.module or ""
    above = [PACKAGE, *part.split(".")][: -node.level]
    return ".".join([*above, *([node.module] if node.module else [])])


def _uses(tree: ast.AST) -> Iterator[str]:
    """Dotted names of the standard library that are touched, under whatever alias."""
    aliases = _aliases(tree)
    yield from aliases.values()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and (name := _dotted(node, aliases)):
            yield name


def _aliases(tree: ast.AST) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                local = alias.asname or alias.name.split(".")[0]
                found[local] = alias.name if alias.asname else local
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found


def _dotted(node: ast.AST, aliases: Mapping[str, str]) -> str | None:
    if isinstance(node, ast.Name):
        return aliases.get(node.id, node.id)
    if isinstance(node, ast.Attribute) and (owner := _dotted(node.value, aliases)):
        return f"{owner}.{node.attr}"
    return None
