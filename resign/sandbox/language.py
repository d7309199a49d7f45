"""The template language of the pretend mails: Jinja, standing in for the Jinjava that Synerise uses."""

import base64
import functools
import hashlib
from typing import Never

from jinja2 import ChainableUndefined, TemplateError, TemplateRuntimeError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment


class Killed(Exception):
    """The template said {% kill %}: this recipient gets no message."""


class Kill(Extension):
    """`{% kill %}`, which stops one recipient's message from being rendered (Synerise's snippet collection)."""

    tags = {"kill"}  # noqa: RUF012 - the shape that Jinja asks for

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        return nodes.CallBlock(self.call_method("_kill"), [], [], []).set_lineno(line)

    def _kill(self, caller: object) -> Never:
        del caller
        raise Killed


def render(text: str, context: dict[str, object], *, escape: bool) -> str:
    """Renders a template; a missing attribute gives an empty string. Raises TemplateError or Killed."""
    try:
        return _environment(escape=escape).from_string(text).render(context)
    except (TemplateError, Killed):
        raise
    except Exception as fault:
        # A template is a small program, and anything can go wrong in it: 1 / 0 for one.
        raise TemplateRuntimeError(f"{type(fault).__name__}: {fault}") from fault


@functools.cache
def _environment(*, escape: bool) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=ChainableUndefined, autoescape=escape, extensions=[Kill]
    )
    environment.filters.update(
        hash=_hash,
        md5=lambda text: hashlib.md5(str(text).encode(), usedforsecurity=False).hexdigest(),
        base64Encode=lambda text: base64.b64encode(str(text).encode()).decode(),
        base64Decode=lambda text: base64.b64decode(str(text)).decode(),
    )
    return environment


def _hash(text: object, name: str = "SHA-256") -> str:
    """`hash('SHA-256')`; that the output is lower-case hex is assumed, Synerise's docs do not say."""
    if name != "SHA-256":
        raise ValueError(f"hash('{name}') is not known; Synerise documents SHA-256")
    return hashlib.sha256(str(text).encode()).hexdigest()
