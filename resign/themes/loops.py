"""Which line of a template was at work when a page became too long, or took too long."""

from collections.abc import Generator, Iterator
from types import FrameType
from typing import Any

from jinja2 import Environment, nodes


def at_work(stream: Any) -> tuple[str, int | None]:  # noqa: ANN401 - generators within generators
    """File and line at which a page stands still that has just made a part; the innermost of the theme's own."""
    places = [place for frame in _frames(stream) if (place := _place(frame))]
    own = [place for place in places if place[0].startswith("own:")]
    return next(iter([*own[-1:], *places[-1:]]), ("", None))


def loop_around(environment: Environment, file: str, line: int | None) -> int | None:
    """Where the innermost loop begins that the line stands in, or else the line itself."""
    kind, _, name = file.partition(":")
    if line is None or kind != "own" or environment.loader is None:
        return line
    source, _, _ = environment.loader.get_source(environment, name)
    around = [
        loop.lineno
        for loop in environment.parse(source, name).find_all(nodes.For)
        if loop.lineno <= line <= _last(loop)
    ]
    return max(around, default=line)


def _last(node: nodes.Node) -> int:
    return max((each.lineno for each in node.find_all(nodes.Node)), default=node.lineno)


def _frames(stream: Any) -> Iterator[FrameType]:  # noqa: ANN401 - the same
    while isinstance(stream, Generator) and (frame := getattr(stream, "gi_frame", None)):
        yield frame
        # An included template is gone through part by part.
        stream = getattr(stream, "gi_yieldfrom", None) or frame.f_locals.get("gen")


def _place(frame: FrameType) -> tuple[str, int] | None:
    template = frame.f_globals.get("__jinja_template__")
    file = frame.f_code.co_filename
    if template is None or not file.startswith(("own:", "shipped:")):
        return None
    return file, template.get_corresponding_lineno(frame.f_lineno)
