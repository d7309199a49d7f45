"""What is never shown of a template that extends another: blocks that the other has not, and what is in no block."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from jinja2 import Environment, TemplateNotFound, TemplateSyntaxError, nodes

_MOST_OF_A_NAME = 60
_MOST_LOST = 50
# What nobody would see anyhow: blanks, comments, and signs that some editors put at a file's beginning.
_SILENT = re.compile(r"(?:\s|[\u200b\ufeff]|<!--(?:(?!-->).)*-->)*", re.DOTALL)

Lost = tuple[str, int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Read:
    """`names`: all its blocks, however deep; `outer`: with their lines, those that only a parent can show."""

    names: frozenset[str]
    outer: tuple[tuple[str, int], ...]
    parents: tuple[str, ...]
    is_any: bool
    # The line of the first thing that is written into no block.
    loose: int | None


@dataclass(slots=True)
class Blocks:
    """`known`: every template that there is. One that extends what is only known when it runs may extend them all."""

    environment: Environment
    known: Sequence[str]
    _read: dict[str, _Read | None] = field(default_factory=dict)

    def lost(self, name: str) -> list[Lost]:
        """Name, line, and what its parents have in its place; nothing where a parent cannot be read."""
        own = self._of(name)
        if own is None or not (own.parents or own.is_any):
            return []
        there: set[str] = set()
        seen = {name}
        waiting = [*(self.known if own.is_any else own.parents)]
        while waiting:
            parent = waiting.pop()
            if parent in seen:
                continue
            seen.add(parent)
            read = self._of(parent)
            if read is None:
                return []
            there |= read.names
            waiting += self.known if read.is_any else read.parents
        known = sorted(each[:_MOST_OF_A_NAME] for each in there)[:_MOST_LOST]
        lost = [each for each in own.outer if each[0] not in there]
        return [(block[:_MOST_OF_A_NAME], line, known) for block, line in lost[:_MOST_LOST]]

    def loose(self, name: str) -> int | None:
        """The line on which something is said outside every block, where nobody will ever see it."""
        own = self._of(name)
        return own.loose if own else None

    def _of(self, name: str) -> _Read | None:
        if name not in self._read:
            self._read[name] = self._parsed(name)
        return self._read[name]

    def _parsed(self, name: str) -> _Read | None:
        assert self.environment.loader  # noqa: S101 - `confined` was given one
        try:
            source, filename, _ = self.environment.loader.get_source(self.environment, name)
            tree = self.environment.parse(source, name, filename)
        except (TemplateNotFound, TemplateSyntaxError):
            return None
        extended = [each.template for each in tree.find_all(nodes.Extends)]
        plain = [each.value for each in extended if isinstance(each, nodes.Const)]
        return _Read(
            names=frozenset(block.name for block in tree.find_all(nodes.Block)),
            outer=tuple((block.name, block.lineno) for block in _outer(tree.body)),
            parents=tuple(each for each in plain if isinstance(each, str)),
            is_any=len(plain) < len(extended),
            loose=next(_loose(_after_extends(tree.body)), None),
        )


def _outer(body: Sequence[nodes.Node]) -> Iterator[nodes.Block]:
    """Those that Jinja leaves to the parent. In a loop, a macro or another block one is shown where it stands."""
    for node in body:
        if isinstance(node, nodes.Block):
            yield node
        elif isinstance(node, nodes.If):
            yield from _outer([*node.body, *node.elif_, *node.else_])


def _after_extends(body: Sequence[nodes.Node]) -> Sequence[nodes.Node]:
    """What stands before it is shown, above the page; without one, all is."""
    at = next((at for at, node in enumerate(body) if isinstance(node, nodes.Extends)), len(body))
    return body[at:]


def _loose(body: Sequence[nodes.Node]) -> Iterator[int]:
    """Also in a loop or a condition; what a macro says, or is kept under a name, is said where that is used."""
    for node in body:
        if isinstance(node, nodes.Output):
            for each in node.nodes:
                data = each.data if isinstance(each, nodes.TemplateData) else "said when it is rendered"
                silent = _SILENT.match(data)
                if silent and silent.end() < len(data):
                    yield each.lineno + silent[0].count("\n")
        elif isinstance(node, nodes.Include):
            yield node.lineno
        elif not isinstance(node, nodes.Block | nodes.Macro | nodes.AssignBlock):
            yield from _loose([each for each in node.iter_child_nodes() if isinstance(each, nodes.Stmt)])
